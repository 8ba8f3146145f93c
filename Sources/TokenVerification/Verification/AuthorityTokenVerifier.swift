import CacheStores

/// Verifies tokens by any authority, through a cache.
public struct AuthorityTokenVerifier<Authority: TokenAuthority>: TokenVerifier {
    public let requirements: TokenRequirements
    /// Where answers are kept; ``TokenCache/forget(_:)`` is called on it.
    public let cache: TokenCache

    private let questions: CachedAuthority
    // Last, so that what a hit needs lies at fixed offsets whatever the authority is.
    public let authority: Authority

    /// Makes a verifier.
    ///
    /// - Parameters:
    ///   - authority: who knows what a token means.
    ///   - requirements: what is demanded of every token.
    ///   - cache: where answers are kept. Verifiers may share one: they read each other's answers only if their
    ///     authorities' identities are equal.
    /// - Throws: ``ConfigurationError`` if the requirements can't be satisfied by this authority.
    public init(
        authority: Authority,
        requiring requirements: TokenRequirements = .none,
        cache: TokenCache
    ) throws(ConfigurationError) {
        try requirements.validate(for: authority)
        self.authority = authority
        self.requirements = requirements
        self.cache = cache
        questions = CachedAuthority(authority, in: cache)
    }

    public func verification(of token: BearerToken) async throws(VerificationError) -> Verification {
        try requirements.check(token)
        let key = questions.key(for: token)
        let now = cache.clock.now
        if let hit = cache.nearAnswer(for: key, at: now) {
            try requirements.check(hit.token, at: now)
            return hit
        }
        let question = questions.question(about: token, key: key)
        let answer = try await cache.answer(to: question, asking: authority)
        try requirements.check(answer.token, at: cache.clock.now)
        return answer
    }
}
