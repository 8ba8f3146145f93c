import CacheStores

/// An authority's place in a cache.
struct CachedAuthority: Sendable {
    private let context: QuestionContext
    private let breaker: Breaker<VerificationError.Reason>

    /// Announces the authority to the cache, so that the cache can forget what it says.
    init(_ authority: some TokenAuthority, in cache: TokenCache) {
        context = QuestionContext(authority.identity)
        breaker = cache.register(context, deadline: authority.deadline)
    }

    /// What the answer about a token is kept under.
    func key(for token: BearerToken) -> CacheKey {
        context.key(for: token)
    }

    func question(about token: BearerToken, key: CacheKey) -> Question {
        Question(token: token, context: context, key: key, breaker: breaker)
    }
}
