import CacheStores
import CacheStoresWaiting

/// Verifies tokens by any authority, through a cache.
public struct AuthorityTokenVerifier<Authority: TokenAuthority>: TokenVerifier {
    /// What is demanded of every token, checked on each call.
    public let requirements: TokenRequirements
    /// Where answers are kept; ``TokenCache/forget(_:)`` is called on it.
    public let cache: TokenCache

    // By itself, not with the guard in one value: then a hit, which needs only this, would count a reference.
    private let context: QuestionContext
    private let guarded: GuardedAuthority
    private let checksKeptAnswers: Bool
    private let quickCheck: (any QuickCheckingAuthority)?
    /// Asks about tokens in use before their answers expire; `nil` if this authority's answers are not refreshed.
    private let refresher: RefreshAhead?
    // Last, so that what a hit needs lies at fixed offsets whatever the authority is.
    /// What is asked about tokens.
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
        refresher = authority.answersCanChange ? cache.refresher : nil
        context = QuestionContext(authority.identity)
        guarded = try cache.register(authority, context)
    }

    // A hit passes through one function less that may wait.
    @inline(__always)
    public func verification(of token: BearerToken) async throws(VerificationError) -> Verification {
        try requirements.check(token)
        let key = context.key(for: token)
        var now = cache.clock.now
        if let hit = cache.answers.answerInMemory(for: key, of: guarded, at: now) {
            if mustCheck(hit.token) {
                try await checkKept(hit.token, within: cache.options.deadline)
                now = cache.clock.now
            }
            try requirements.check(hit.token, at: now)
            if let refresher, refresher.isDue(hit.token, under: key, at: now) {
                refresher.start(question(on: token, under: key), in: cache)
            }
            return hit
        }
        let question = question(on: token, under: key)
        let answer = try await cache.answer(to: question)
        if answer.source != .authority, mustCheck(answer.token) {
            try await checkKept(answer.token, within: question.deadline.remaining)
        }
        now = cache.clock.now
        try requirements.check(answer.token, at: now)
        if let refresher, answer.source == .store || answer.source == .memory,
            refresher.isDue(answer.token, under: key, at: now)
        {
            refresher.start(self.question(on: token, under: key), in: cache)
        }
        return answer
    }

    /// Whether the authority must be asked whether a kept answer still holds.
    @inline(__always)
    private func mustCheck(_ answer: VerifiedToken) -> Bool {
        checksKeptAnswers && !(quickCheck?.holdsForCertain(answer) ?? false)
    }

    private func checkKept(
        _ answer: VerifiedToken,
        within limit: Duration
    ) async throws(VerificationError) {
        try await punctually(within: limit) { [authority] in try await authority.checkKept(answer) }
    }

    private func question(on token: BearerToken, under key: CacheKey) -> Question {
        Question(token: token, context: context, key: key, authority: guarded, times: cache.times)
    }
}
