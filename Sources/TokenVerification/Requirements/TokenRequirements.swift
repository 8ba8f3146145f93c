package import CacheStores

/// What a server demands of a token, checked each time the token is used, whether its answer was cached or not.
///
/// ```swift
/// let requirements = TokenRequirements.scopes("orders:read", audience: "https://api.example")
/// ```
public struct TokenRequirements: Sendable, Hashable {
    /// The scopes that a token must have, every one; compared exactly, without any hierarchy.
    public var scopes: Set<String>
    /// Audiences: one of them must be among the token's; empty to accept any.
    ///
    /// Compared byte by byte.
    public var audiences: [String]
    /// The issuer that the token must be of, compared byte by byte; `nil` for any.
    public var issuer: String?
    /// How long ago the token may have been issued (`iat`, RFC 7519 §4.1.6), not negative; `nil` for any time.
    ///
    /// A token that does not say is refused. The ``leeway`` is not added.
    public var maximumAge: Duration?
    /// How far the issuer's clock may be ahead in what it says of the beginning of a token's life, not negative.
    ///
    /// It applies to `nbf` and `iat` (RFC 7519 §4.1.5, §4.1.6): a token is refused as `notYetValid` only if one of them
    /// lies further ahead than this. It never extends a token's life: `exp` and ``maximumAge`` are exact.
    public var leeway: Duration
    /// How a token may begin, such as `gho_`; empty to accept any.
    ///
    /// Anything else is refused before it is hashed, looked up or asked about.
    public var prefixes: [String]
    /// Kinds of tokens that are accepted besides access tokens, as the authority names them in `token_use`, `typ` or
    /// `token_type`, such as `refresh_token`; case, `-` and the prefixes `application/` and
    /// `urn:ietf:params:oauth:token-type:` are irrelevant.
    ///
    /// An authority reports refresh and ID tokens as active too. Those are refused with the reason `notAccessToken`: a
    /// `token_use` (or OpenIddict's `token_usage`) other than `access_token` and `access`, a `typ` or `token_type`
    /// that is known to mean another kind. An answer that says nothing of a kind passes.
    public var furtherKinds: Set<String>
    /// What happens to tokens that are bound to a key of their sender: an answer with `cnf`, or with the
    /// `token_type` `DPoP`.
    public var boundTokens: BoundTokens

    /// Makes requirements; without arguments, any active access token that is not bound to a key satisfies them.
    ///
    /// Nothing is checked here. A verifier checks them when it is made, and throws ``ConfigurationError`` for what
    /// can't be satisfied.
    ///
    /// - Parameters:
    ///   - scopes: the scopes that a token must have, every one.
    ///   - audiences: one of them must be among the token's; empty to accept any.
    ///   - issuer: the issuer that the token must be of; `nil` for any.
    ///   - maximumAge: how long ago the token may have been issued; `nil` for any time.
    ///   - leeway: how far `nbf` and `iat` may lie ahead of this server's clock, 60 s by default.
    ///   - prefixes: how a token may begin; empty to accept any.
    ///   - furtherKinds: kinds of tokens that are accepted besides access tokens.
    ///   - boundTokens: what happens to tokens that are bound to a key of their sender; by default they are refused.
    public init(
        scopes: Set<String> = [],
        audiences: [String] = [],
        issuer: String? = nil,
        maximumAge: Duration? = nil,
        leeway: Duration = .seconds(60),
        prefixes: [String] = [],
        furtherKinds: Set<String> = [],
        boundTokens: BoundTokens = .refuse
    ) {
        self.scopes = scopes
        self.audiences = audiences
        self.issuer = issuer
        self.maximumAge = maximumAge
        self.leeway = leeway
        self.prefixes = prefixes
        self.furtherKinds = furtherKinds
        self.boundTokens = boundTokens
    }

    /// Nothing but that the token is active.
    public static var none: TokenRequirements { TokenRequirements() }

    /// Some scopes, and an audience if one is given.
    public static func scopes(_ scopes: String..., audience: String? = nil) -> TokenRequirements {
        TokenRequirements(scopes: Set(scopes), audiences: audience.map { [$0] } ?? [])
    }

    /// Refuses a token that can't be one of ours, before anything is asked.
    package func check(_ token: BearerToken) throws(VerificationError) {
        guard prefixes.isEmpty || prefixes.contains(where: { token.text.utf8.starts(with: $0.utf8) }) else {
            throw VerificationError(.unknownPrefix)
        }
    }

    /// Refuses an authority's answer that does not satisfy the requirements.
    package func check(_ token: VerifiedToken, at now: Timestamp) throws(VerificationError) {
        if let expiry = token.expiry, now >= expiry { throw VerificationError(.expired) }
        try checkKind(of: token)
        if let notBefore = token.notBefore { try checkHasCome(notBefore, at: now) }
        if let issuedAt = token.issuedAt { try checkHasCome(issuedAt, at: now) }
        if let maximumAge {
            guard let issuedAt = token.issuedAt, now <= issuedAt.advanced(by: maximumAge) else {
                throw VerificationError(.tooOld)
            }
        }
        if let issuer, !token.issuer.isExactly(issuer) { throw VerificationError(.wrongIssuer) }
        if !audiences.isEmpty {
            let isMeant = audiences.contains { wanted in token.audiences.contains { $0.isExactly(wanted) } }
            guard isMeant else { throw VerificationError(.wrongAudience) }
        }
        for scope in scopes where !token.hasScope(scope) {
            throw VerificationError(.missingScope, requiring: scopes)
        }
    }

    /// Refuses a token that is no access token, or that is bound to its sender.
    private func checkKind(of token: VerifiedToken) throws(VerificationError) {
        if !token.kind.isAccessToken, !TokenKind(token.claims, accepting: furtherKinds).isAccessToken {
            throw VerificationError(.notAccessToken)
        }
        if token.kind.isBound, boundTokens == .refuse { throw VerificationError(.senderConstrained) }
    }

    /// Refuses a token whose life begins later, even if the issuer's clock is off.
    private func checkHasCome(_ beginning: Timestamp, at now: Timestamp) throws(VerificationError) {
        // Computing with durations takes longer than everything else here, and is seldom needed.
        guard now < beginning, now.advanced(by: leeway) < beginning else { return }
        throw VerificationError(.notYetValid)
    }
}

extension TokenRequirements {
    /// Whether both demand the same, byte by byte; audiences and prefixes in the same order.
    public static func == (left: Self, right: Self) -> Bool {
        exact(left.scopes) == exact(right.scopes) && left.audiences.isExactly(right.audiences)
            && left.issuer.isExactly(right.issuer) && left.maximumAge == right.maximumAge
            && left.leeway == right.leeway && left.prefixes.isExactly(right.prefixes)
            && exact(left.furtherKinds) == exact(right.furtherKinds)
            && left.boundTokens == right.boundTokens
    }

    private static func exact(_ texts: Set<String>) -> Set<ExactText> { Set(texts.map { ExactText($0) }) }
}
