import CacheStores
import CacheStoresWaiting
import Tracing

/// An authority as a cache asks it: within the limit on questions, unless its breaker is open, within its deadline, and
/// as a span of the caller's trace.
final class GuardedAuthority: Sendable {
    /// What the authorities of one cache share.
    struct Shared: Sendable {
        /// The cache's clock, by which authorities date their answers.
        let clock: WallClock
        let queue: QuestionQueue
        let overloadLine: RareLine
        let meter: TokenCacheMeter
        /// Tokens that were accepted before: they are served first when there are too many questions.
        ///
        /// Only accepted tokens enter, so a flood of others displaces nothing.
        let acceptedKeys: KeyMemory<Void>
        /// The store's clock as this process knows it; `nil` while it is not known.
        let storeTime: @Sendable () -> Timestamp?
    }

    /// How the marks on its tokens are judged.
    let markRule: MarkRule
    private let authority: any TokenAuthority
    /// Shared by all authorities of this identity.
    let health: AuthorityHealth
    private let shared: Shared

    /// - Parameters:
    ///   - authority: what is asked.
    ///   - markRule: how the marks on its tokens are judged.
    ///   - health: its health, which all authorities of this identity share.
    ///   - shared: what the authorities of the cache share.
    init(_ authority: some TokenAuthority, _ markRule: MarkRule, health: AuthorityHealth, shared: Shared) {
        self.authority = authority
        self.markRule = markRule
        self.health = health
        self.shared = shared
    }

    /// The longest time that a question takes.
    var deadline: Duration { authority.deadline }

    /// Whether a token with this key was accepted before.
    func isKnown(_ key: CacheKey) -> Bool { shared.acceptedKeys.contains(key) }

    /// Fails while the breaker lets no question about a token pass; takes no turn.
    func checkBreaker(for key: CacheKey, isKnown: Bool) throws(VerificationError) {
        _ = try trial(of: health.breaker.admission(of: key, isKnown: isKnown))
    }

    /// Asks what a token means.
    ///
    /// - Parameters:
    ///   - question: the question.
    ///   - span: its span; `nil` if nothing is traced.
    ///   - isKnown: whether the token was accepted before.
    /// - Returns: what the authority says, and when it was asked.
    /// - Throws: what keeps it from saying anything.
    func ask(
        _ question: Question,
        as span: FlightSpan?,
        isKnown: Bool
    ) async throws(VerificationError) -> TimedVerdict {
        // Fails fast: the breaker is checked before the question is queued.
        try checkBreaker(for: question.key, isKnown: isKnown)
        guard !question.askingDeadline.hasPassed else { throw VerificationError(.timedOut) }
        do {
            return try await shared.queue.withPlace(
                isKnown: isKnown,
                within: question.askingDeadline.remaining
            ) {
                () async throws(VerificationError) -> TimedVerdict in
                let trial = try trial(of: health.breaker.admit(question.key, isKnown: isKnown))
                return try await countedVerdict(on: question, trial, as: span)
            }
        } catch {
            if error.reason == .overloaded {
                shared.meter.count(.overload)
                shared.overloadLine.write()
            }
            throw error
        }
    }

    /// Asks anew about a token whose answer is in use.
    ///
    /// It is not queued, and is never a trial of an open breaker: both are for callers that wait.
    ///
    /// - Parameters:
    ///   - question: the question.
    ///   - span: its span; `nil` if nothing is traced.
    /// - Returns: what the authority says, and when it was asked.
    /// - Throws: what keeps it from saying anything.
    func askAhead(_ question: Question, as span: FlightSpan?) async throws(VerificationError) -> TimedVerdict
    {
        try checkBreaker(for: question.key, isKnown: true)
        guard !health.breaker.isOpen, !question.askingDeadline.hasPassed else {
            throw VerificationError(.failed)
        }
        return try await countedVerdict(on: question, nil, as: span)
    }

    /// The verdict, noted by the breaker, the counters and the memory of accepted tokens.
    private func countedVerdict(
        on question: Question,
        _ trial: AuthorityBreaker.Trial?,
        as span: FlightSpan?
    ) async throws(VerificationError) -> TimedVerdict {
        shared.meter.count(.question)
        let asked = shared.storeTime()
        let start = ContinuousClock.now
        let limit = min(authority.deadline, question.askingDeadline.remaining)
        defer { shared.meter.noteQuestion(start.duration(to: .now)) }
        let answer: TimedVerdict
        do {
            answer = TimedVerdict(
                verdict: try await punctualVerdict(on: question, within: limit, as: span),
                asked: asked
            )
            health.noteAnswer()
        } catch {
            guard error.code == .invalidToken else {
                shared.meter.count(.failedQuestion)
                // A question that was cut short says nothing of the authority.
                if error.reason == .timedOut, limit < question.fairTime(for: authority.deadline) {
                    if let trial { health.breaker.abandon(trial) }
                    throw error
                }
                throw health.note(error, on: question.key, limitsEachToken: authority.limitsEachToken)
            }
            // It took no question upstream, so it tells nothing of the authority's health, and is no trial.
            if let trial { health.breaker.abandon(trial) }
            answer = TimedVerdict(verdict: .refused, refusal: error.reason, asked: asked)
        }
        if answer.verdict == .refused {
            shared.meter.count(.refusal)
            shared.acceptedKeys.remove(question.key)
        } else {
            shared.meter.count(.acceptance)
            shared.acceptedKeys.insert(question.key)
        }
        return answer
    }

    /// The verdict, or `timedOut` at a limit: the authority's deadline, or what is left of the call's.
    private func punctualVerdict(
        on question: Question,
        within limit: Duration,
        as span: FlightSpan?
    ) async throws(VerificationError) -> Verdict {
        if limit == authority.deadline, (authority as? any PunctualAuthority)?.isPunctual ?? false {
            return try await tracedVerdict(on: question.token, as: span)
        }
        return try await punctually(within: limit) {
            try await self.tracedVerdict(on: question.token, as: span)
        }
    }

    /// The verdict, as a span of the first caller's trace if there is one.
    private func tracedVerdict(
        on token: BearerToken,
        as flightSpan: FlightSpan?
    ) async throws(VerificationError) -> Verdict {
        guard let flightSpan else { return try await authority.verdict(on: token, clock: shared.clock) }
        let parent = flightSpan.parent
        do {
            return try await parent.tracer.withAnySpan(
                "token verification",
                context: parent.context ?? .topLevel,
                ofKind: .client
            ) { span in
                span.attributes["token.authority"] = authority.identity.kind
                flightSpan.begin(span)
                defer { flightSpan.end() }
                return try await authority.verdict(on: token, clock: shared.clock)
            }
        } catch {
            // A span passes on what its closure throws, and this one throws nothing else.
            throw error as? VerificationError ?? VerificationError(.failed)
        }
    }

    /// The turn that a question has taken, if the breaker is open.
    ///
    /// - Throws: why the question may not be asked.
    private func trial(
        of admission: AuthorityBreaker.Admission
    ) throws(VerificationError) -> AuthorityBreaker.Trial? {
        switch admission {
        case .admitted(let trial): return trial
        case .refused(let reason, let retryAfter):
            shared.meter.count(.sparedQuestion)
            health.noteSpared(reason)
            throw VerificationError(reason, retryAfter: retryAfter)
        }
    }
}
