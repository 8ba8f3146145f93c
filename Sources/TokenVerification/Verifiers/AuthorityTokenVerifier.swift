import CacheStores
import CacheStoresWaiting

/// Verifies tokens by any authority, through a cache.
public struct AuthorityTokenVerifier<Authority: TokenAuthority>: TokenVerifier {
    public let requirements: TokenRequirements
    /// Where answers are kept; ``TokenCache/forget(_:)`` is called on it.
    public let cache: TokenCache

    // By itself, not with the guard in one value: then a hit, which needs only this, would count a reference.
    private let context: QuestionContext
    private let guarded: GuardedAuthority
    private let checksKeptAnswers: Bool
    private let quickCheck: (any QuickCheckingAuthority)?
    /// Asks about tokens in use before their answers expire; `nil` if this authority's answers are not refreshed.
    private let ahead: RefreshAhead?
    // Last, so that what a hit needs lies at fixed offsets whatever the authority is.
    public let authority: Authority

    /// Makes a verifier.
    ///
    /// - Parameters:
    ///   - authority: what is asked about tokens.
    ///   - requirements: what is demanded of every token.
    ///   - cache: where answers are kept. Verifiers may share one: they read each other's answers only if their
    ///     authorities' identities are equal.
    /// - Throws: ``ConfigurationError`` if the requirements can't be satisfied by this authority, or its deadline is
    ///   not greater than zero and at most 60 s.
    public init(
        authority: Authority,
        requiring requirements: TokenRequirements = .none,
        cache: TokenCache
    ) throws(ConfigurationError) {
        try requirements.validate(for: authority)
        self.authority = authority
        self.requirements = requirements
        self.cache = cache
        checksKeptAnswers = authority.checksKeptAnswers
        quickCheck = authority as? any QuickCheckingAuthority
        ahead = authority.answersCanChange ? cache.ahead : nil
        context = QuestionContext(authority.identity)
        guarded = try cache.register(authority, context)
    }

    // A hit passes through one function less that may wait.
    @inline(__always)
    public func verification(of token: BearerToken) async throws(VerificationError) -> Verification {
        try requirements.check(token)
        let key = context.key(for: token)
        let now = cache.clock.now
        if let hit = cache.answers.answerInMemory(for: key, of: guarded, at: now) {
            if checksKeptAnswers { try await checkKept(hit.token, within: cache.options.deadline) }
            try requirements.check(hit.token, at: now)
            if let ahead, ahead.isDue(hit.token, under: key, at: now) {
                ahead.start(question(on: token, under: key), in: cache)
            }
            return hit
        }
        let question = question(on: token, under: key)
        let answer = try await cache.answer(to: question)
        if checksKeptAnswers, answer.source != .authority {
            try await checkKept(answer.token, within: question.deadline.remaining)
        }
        let end = cache.clock.now
        try requirements.check(answer.token, at: end)
        if let ahead, answer.source == .store || answer.source == .memory,
            ahead.isDue(answer.token, under: key, at: end)
        {
            ahead.start(self.question(on: token, under: key), in: cache)
        }
        return answer
    }

    private func checkKept(
        _ answer: VerifiedToken,
        within limit: Duration
    ) async throws(VerificationError) {
        if quickCheck?.holdsForCertain(answer) ?? false { return }
        try await punctually(within: limit) { [authority] in try await authority.checkKept(answer) }
    }

    private func question(on token: BearerToken, under key: CacheKey) -> Question {
        Question(token: token, context: context, key: key, authority: guarded, times: cache.times)
    }
}
