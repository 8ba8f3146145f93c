import CacheStores
import Tracing

extension TokenCache {
    /// Asks the authority, within the limit on questions and unless the breaker is open.
    ///
    /// - Parameters:
    ///   - question: the question.
    ///   - authority: the authority that is asked.
    ///   - flight: the flight that asks; `nil` for a caller that asks for itself.
    ///   - isKnown: whether the token was accepted before.
    /// - Returns: what the authority says, and when it was asked.
    /// - Throws: what keeps it from saying anything.
    func verdict(
        on question: Question,
        by authority: some TokenAuthority,
        in flight: Flight?,
        isKnown: Bool
    ) async throws(VerificationError) -> TimedVerdict {
        // Fails fast: the breaker is checked before the question is queued.
        try checkPause(on: question, isKnown: isKnown)
        do {
            return try await questions.withPlace(isKnown: isKnown) { () async throws(VerificationError) in
                try await admittedVerdict(on: question, by: authority, in: flight, isKnown: isKnown)
            }
        } catch {
            if error.reason == .overloaded {
                meter.count(.overload)
                overloadLine.write()
            }
            throw error
        }
    }

    /// Whether a token was accepted before: this process remembers it, or the store holds an old answer.
    func isKnown(_ question: Question, _ stored: StoredAnswer) -> Bool {
        if case .outdated = stored { return true }
        return acceptedKeys.contains(question.key)
    }

    /// Fails while the breaker lets no question about a token pass.
    func checkPause(on question: Question, isKnown: Bool) throws(VerificationError) {
        try check(question.health.pause(for: question.key, isKnown: isKnown), on: question)
    }

    private func admittedVerdict(
        on question: Question,
        by authority: some TokenAuthority,
        in flight: Flight?,
        isKnown: Bool
    ) async throws(VerificationError) -> TimedVerdict {
        try check(question.health.admit(question.key, isKnown: isKnown), on: question)
        let asked = store.now
        let answer: TimedVerdict
        do {
            answer = TimedVerdict(
                verdict: try await punctualVerdict(on: question, by: authority, in: flight),
                asked: asked
            )
            question.health.noteAnswer()
        } catch {
            guard error.code == .invalidToken else {
                meter.count(.failedQuestion)
                throw question.health.note(
                    error,
                    on: question.key,
                    limitsEachToken: authority.limitsEachToken
                )
            }
            // It took no question upstream, so it tells nothing of the authority's health.
            answer = TimedVerdict(verdict: .refused, refusal: error.reason, asked: asked)
        }
        if answer.verdict == .refused {
            meter.count(.refusal)
            acceptedKeys.remove(question.key)
        } else {
            meter.count(.acceptance)
            acceptedKeys.insert(question.key)
        }
        return answer
    }

    /// Asks the authority, with its own deadline.
    private func punctualVerdict(
        on question: Question,
        by authority: some TokenAuthority,
        in flight: Flight?
    ) async throws(VerificationError) -> Verdict {
        meter.count(.question)
        let start = ContinuousClock.now
        defer { meter.noteQuestion(start.duration(to: .now)) }
        let span = flight == nil ? CallerTrace.current.map(FlightSpan.init) : flight?.span
        do {
            if (authority as? any PunctualAuthority)?.isPunctual ?? false {
                return try await Self.tracedVerdict(on: question, by: authority, as: span)
            }
            return try await withDeadline(authority.deadline) {
                try await Self.tracedVerdict(on: question, by: authority, as: span)
            }
        } catch let error as VerificationError {
            throw error
        } catch is CancellationError {
            throw VerificationError(.cancelled)
        } catch is DeadlineExceeded {
            throw VerificationError(.timedOut)
        } catch {
            throw VerificationError(.failed)
        }
    }

    /// Asks the authority, as a span of the first caller's trace if there is one.
    private static func tracedVerdict(
        on question: Question,
        by authority: some TokenAuthority,
        as flightSpan: FlightSpan?
    ) async throws(VerificationError) -> Verdict {
        guard let flightSpan else { return try await authority.verdict(on: question.token) }
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
                return try await authority.verdict(on: question.token)
            }
        } catch {
            // A span passes on what its closure throws, and this one throws nothing else.
            throw error as? VerificationError ?? VerificationError(.failed)
        }
    }

    private func check(
        _ pause: AuthorityBreaker.Pause?,
        on question: Question
    ) throws(VerificationError) {
        guard let pause else { return }
        meter.count(.sparedQuestion)
        question.health.noteSpared(pause)
        throw VerificationError(pause.reason, retryAfter: pause.remainder)
    }
}
