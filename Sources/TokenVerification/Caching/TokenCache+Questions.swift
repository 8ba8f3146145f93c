import CacheStores
import Synchronization
import Tracing

extension TokenCache {
    /// Asks the authority, within the cap on questions and unless it is left alone for the moment.
    ///
    /// - Parameters:
    ///   - question: the question.
    ///   - authority: whom to ask.
    ///   - isOutdated: whether the store holds an old answer, so that the token was accepted before.
    /// - Returns: what the authority says, and when it was asked.
    /// - Throws: what keeps it from saying anything.
    func verdict(
        on question: Question,
        by authority: some TokenAuthority,
        isOutdated: Bool
    ) async throws(VerificationError) -> TimedVerdict {
        // Nobody waits for a place to ask whom nobody would ask.
        try checkPause(on: question)
        let isKnown = isOutdated || acceptedKeys.contains(question.key)
        do {
            return try await questions.withPlace(isKnown: isKnown) { () async throws(VerificationError) in
                try await admittedVerdict(on: question, by: authority)
            }
        } catch {
            if error.reason == .overloaded { meter.count(.overload) }
            throw error
        }
    }

    /// Refuses a question to an authority that is left alone for the moment.
    func checkPause(on question: Question) throws(VerificationError) {
        try check(question.breaker.pause())
    }

    private func admittedVerdict(
        on question: Question,
        by authority: some TokenAuthority
    ) async throws(VerificationError) -> TimedVerdict {
        try check(question.breaker.admit())
        let asked = store.now
        do {
            let verdict = try await punctualVerdict(on: question, by: authority)
            question.breaker.noteSuccess()
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
            question.breaker.note(error, limitsEachToken: authority.limitsEachToken)
            throw error
        }
    }

    /// Asks the authority, for no longer than it says a question takes.
    private func punctualVerdict(
        on question: Question,
        by authority: some TokenAuthority
    ) async throws(VerificationError) -> Verdict {
        meter.count(.question)
        do {
            if (authority as? any PunctualAuthority)?.isPunctual ?? false {
                return try await Self.tracedVerdict(on: question, by: authority)
            }
            return try await withDeadline(authority.deadline) {
                try await Self.tracedVerdict(on: question, by: authority)
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

    /// Asks the authority, as a span of the trace if there is one.
    private static func tracedVerdict(
        on question: Question,
        by authority: some TokenAuthority
    ) async throws(VerificationError) -> Verdict {
        if InstrumentationSystem.instrument is NoOpInstrument {
            return try await authority.verdict(on: question.token)
        }
        do {
            return try await withSpan("token verification", ofKind: .client) { span in
                span.attributes["token.authority"] = authority.identity.kind
                return try await authority.verdict(on: question.token)
            }
        } catch {
            // A span passes on what its closure throws, and this one throws nothing else.
            throw error as? VerificationError ?? VerificationError(.failed)
        }
    }

    private func check(_ pause: Breaker<VerificationError.Reason>.Pause?) throws(VerificationError) {
        guard let pause else { return }
        meter.count(.sparedQuestion)
        throw VerificationError(pause.cause, retryAfter: pause.remainder)
    }
}

extension Breaker<VerificationError.Reason> {
    /// Notes why a question brought no answer.
    ///
    /// - Parameters:
    ///   - error: why.
    ///   - limitsEachToken: whether the authority's limits are about the token in question.
    fileprivate func note(_ error: VerificationError, limitsEachToken: Bool) {
        switch error.reason {
        case .rateLimited where limitsEachToken: noteSuccess()
        case .unreachable, .timedOut, .rateLimited, .failed:
            // Somebody who may be asked again at once asks for nothing.
            let requested = error.retryAfter.flatMap { $0 > .zero ? min($0, RetryAfter.maximum) : nil }
            noteFailure(error.reason, pausingFor: requested)
        case .cancelled, .shutDown: break
        // Whoever says something that makes no sense, or refuses this server, is there.
        default: noteSuccess()
        }
    }
}
