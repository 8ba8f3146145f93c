import CacheStores
import TokenVerification

/// An issuer of other tokens.
struct ForeignIssuer: SignedTokenAuthority {
    let identity = AuthorityIdentity(kind: "foreign", parameters: [:])
    let markScope = "foreign"
    let longestLife = Duration.seconds(60)

    func verdict(on token: BearerToken, clock: WallClock) async throws(VerificationError) -> Verdict {
        .refused
    }

    func signedPart(of token: BearerToken) -> [UInt8] { [] }

    func signedToken(_ token: BearerToken, clock: WallClock) async throws(VerificationError) -> VerifiedToken
    {
        throw VerificationError(.wrongIssuer)
    }
}
