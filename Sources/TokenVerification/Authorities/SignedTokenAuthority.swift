public import CacheStores

/// An authority that verifies tokens by their signature, and so accepts each of them until it expires.
///
/// Such a token can't be forgotten, since it verifies again. It is revoked by a mark in the store
/// (``TokenCache/revoke(_:)``), and refused by every process that finds the mark.
public protocol SignedTokenAuthority: TokenAuthority {
    /// Whose tokens they are, such as the issuer's identifier; authorities of one issuer share their marks.
    ///
    /// It is not ``TokenAuthority/identity``: a mark must outlast a change of the accepted audiences or algorithms.
    var markScope: String { get }

    /// The longest time from `iat` to `exp`; a mark on a subject lasts as long.
    ///
    /// Where marks are used, a token that lives longer, or has no `iat`, is refused.
    var longestLife: Duration { get }

    /// What a token's signature is about: what two spellings of one token have in common.
    ///
    /// - Parameter token: a token that this authority has accepted.
    /// - Returns: such as `header.payload` of a JWT, without the signature, which may have a second spelling.
    func signedPart(of token: BearerToken) -> [UInt8]

    /// Verifies a token's signature and claims, and asks no other authority.
    ///
    /// - Parameters:
    ///   - token: the token in question.
    ///   - clock: the clock of the cache, as in ``TokenAuthority/verdict(on:clock:)``.
    /// - Returns: what the token says.
    /// - Throws: ``VerificationError``: why it does not verify, `notSigned` if it is no signed token at all, or why that
    ///   can't be told.
    func signedToken(_ token: BearerToken, clock: WallClock) async throws(VerificationError) -> VerifiedToken
}

extension SignedTokenAuthority {
    public var answersCanChange: Bool { false }
}
