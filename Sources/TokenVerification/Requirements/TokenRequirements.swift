package import CacheStores

/// What a server demands of a token, checked each time the token is used, whether its answer was cached or not.
///
/// ```swift
/// let requirements = TokenRequirements(scopes: ["orders:read"], audiences: ["https://api.example"])
/// ```
public struct TokenRequirements: Sendable, Hashable {
    /// The scopes that a token must have, every one; compared exactly, without any hierarchy.
    public var scopes: Set<String>
    /// Whom a token may be meant for: one of them must be among its audiences; empty to accept any.
    public var audiences: Set<String>
    /// Who must have issued the token; `nil` for anybody.
    public var issuer: String?
    /// How long ago the token may have been issued; `nil` for any time.
    ///
    /// A token that does not say is refused.
    public var maximumAge: Duration?
    /// How far the issuer's clock may be off in what it says of the beginning of a token's life.
    ///
    /// It never extends a token's life.
    public var leeway: Duration
    /// How a token may begin, such as `gho_`; empty to accept any.
    ///
    /// Anything else is refused before it is hashed, looked up or asked about.
    public var prefixes: [String]

    public init(
        scopes: Set<String> = [],
        audiences: Set<String> = [],
        issuer: String? = nil,
        maximumAge: Duration? = nil,
        leeway: Duration = .seconds(60),
        prefixes: [String] = []
    ) {
        self.scopes = scopes
        self.audiences = audiences
        self.issuer = issuer
        self.maximumAge = maximumAge
        self.leeway = leeway
        self.prefixes = prefixes
    }

    /// Nothing but that the token is active.
    public static var none: TokenRequirements { TokenRequirements() }

    /// Some scopes and nothing else.
    public static func scopes(_ scopes: String...) -> TokenRequirements {
        TokenRequirements(scopes: Set(scopes))
    }

    /// Refuses a token that can't be one of ours, before anything is asked.
    package func check(_ token: BearerToken) throws(VerificationError) {
        guard prefixes.isEmpty || prefixes.contains(where: token.text.hasPrefix) else {
            throw VerificationError(.unknownPrefix)
        }
    }

    /// Refuses an authority's answer that does not satisfy the requirements.
    package func check(_ token: VerifiedToken, at now: Timestamp) throws(VerificationError) {
        if let expiry = token.expiry, now >= expiry { throw VerificationError(.expired) }
        if let notBefore = token.notBefore { try checkHasCome(notBefore, at: now) }
        if let issuedAt = token.issuedAt { try checkHasCome(issuedAt, at: now) }
        if let maximumAge {
            guard let issuedAt = token.issuedAt, now <= issuedAt.advanced(by: maximumAge) else {
                throw VerificationError(.tooOld)
            }
        }
        if let issuer, issuer != token.issuer { throw VerificationError(.wrongIssuer) }
        if !audiences.isEmpty, audiences.isDisjoint(with: token.audiences) {
            throw VerificationError(.wrongAudience)
        }
        for scope in scopes where !token.hasScope(scope) { throw VerificationError(.missingScope) }
    }

    /// Refuses a token whose life begins later, even if the issuer's clock is off.
    private func checkHasCome(_ beginning: Timestamp, at now: Timestamp) throws(VerificationError) {
        // Computing with durations takes longer than everything else here, and is seldom needed.
        guard now < beginning, now.advanced(by: leeway) < beginning else { return }
        throw VerificationError(.notYetValid)
    }
}
