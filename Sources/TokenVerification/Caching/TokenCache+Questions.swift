import CacheStores
import Tracing

extension TokenCache {
    /// Asks the authority, within the cap on questions and unless it is left alone for the moment.
    ///
    /// - Parameters:
    ///   - question: the question.
    ///   - authority: whom to ask.
    ///   - flight: the flight that asks; `nil` for a caller that asks for itself.
    ///   - isOutdated: whether the store holds an old answer, so that the token was accepted before.
    /// - Returns: what the authority says, and when it was asked.
    /// - Throws: what keeps it from saying anything.
    func verdict(
        on question: Question,
        by authority: some TokenAuthority,
        in flight: Flight?,
        isOutdated: Bool
    ) async throws(VerificationError) -> TimedVerdict {
        // Fails fast: the breaker is checked before the question is queued.
        try checkPause(on: question)
        let isKnown = isOutdated || acceptedKeys.contains(question.key)
        do {
            return try await questions.withPlace(isKnown: isKnown) { () async throws(VerificationError) in
                try await admittedVerdict(on: question, by: authority, in: flight)
            }
        } catch {
            if error.reason == .overloaded { meter.count(.overload) }
            throw error
        }
    }

    /// Refuses a question to an authority that is left alone for the moment.
    func checkPause(on question: Question) throws(VerificationError) {
        try check(question.health.pause(for: question.key))
    }

    private func admittedVerdict(
        on question: Question,
        by authority: some TokenAuthority,
        in flight: Flight?
    ) async throws(VerificationError) -> TimedVerdict {
        try check(question.health.admit(question.key))
        let asked = store.now
        do {
            let verdict = try await punctualVerdict(on: question, by: authority, in: flight)
            question.health.noteAnswer()
            if verdict == .refused {
                meter.count(.refusal)
                acceptedKeys.remove(question.key)
            } else {
                meter.count(.acceptance)
                acceptedKeys.insert(question.key)
            }
            return TimedVerdict(verdict: verdict, asked: asked)
        } catch {
            meter.count(.failedQuestion)
            throw question.health.note(
                error,
                on: question.key,
                limitsEachToken: authority.limitsEachToken
            )
        }
    }

    /// Asks the authority, for no longer than it says a question takes.
    private func punctualVerdict(
        on question: Question,
        by authority: some TokenAuthority,
        in flight: Flight?
    ) async throws(VerificationError) -> Verdict {
        meter.count(.question)
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

    private func check(_ pause: AuthorityBreaker.Pause?) throws(VerificationError) {
        guard let pause else { return }
        meter.count(.sparedQuestion)
        throw VerificationError(pause.reason, retryAfter: pause.remainder)
    }
}
