import CacheStores

/// The fact that an authority was asked about a token in vain, and is not to be asked again at once.
struct Postponement: Sendable {}

extension TokenCache {
    /// An old answer, if the authority was asked about this token a moment ago and had none to give.
    func postponedAnswer(
        _ stored: StoredAnswer,
        to question: Question,
        in flight: Flight
    ) -> Verification? {
        guard let postponements, (try? postponements.entry(for: question.key, at: intervalClock.now)) != nil
        else {
            return nil
        }
        return graceAnswer(stored, to: question, in: flight)
    }

    /// An old answer in place of an error, if that means that the authority is unavailable.
    func answer(
        to question: Question,
        in flight: Flight,
        insteadOf error: VerificationError
    ) async throws(VerificationError) -> Verification {
        guard let postponements, error.reason.isOutage, !Task.isCancelled else { throw error }
        // Once more: since the question began, any process may have forgotten the token, or have been answered.
        let stored = await storedAnswer(to: question)
        if case .fresh(let token) = stored { return storeHit(token, for: question) }
        guard let answer = graceAnswer(stored, to: question, in: flight) else { throw error }
        let now = intervalClock.now
        let entry = CacheEntry(Postponement(), expiry: now.advanced(by: options.staleRetryInterval))
        _ = try? postponements.setEntry(entry, for: question.key, at: now)
        return answer
    }

    /// Notes that the authority refused a token of which the store holds, or may hold, an old answer.
    ///
    /// Removing that answer may fail, and it must not be used when the authority is unavailable later.
    func withdrawRefused(_ question: Question, _ stored: StoredAnswer) {
        guard postponements != nil else { return }
        if case .none = stored { return }
        refusedAnswers.withdraw(question.key, at: clock.now)
    }

    private func graceAnswer(
        _ stored: StoredAnswer,
        to question: Question,
        in flight: Flight
    ) -> Verification? {
        guard case .outdated(let token) = stored,
            token.isUsable(forMilliseconds: lifeMilliseconds, at: clock.now),
            // Also what was forgotten while this flight was under way.
            !flight.isDetached, !withdrawals.cover(question.key, verifiedAt: token.verifiedAt),
            !refusedAnswers.cover(question.key, verifiedAt: token.verifiedAt)
        else { return nil }
        meter.count(.staleAnswer)
        return Verification(token: token, source: .stale)
    }
}

extension VerificationError.Reason {
    /// Whether nobody could say, as opposed to somebody who said something.
    ///
    /// An answer that makes no sense is an answer: what an authority means by it is not known, and may be a refusal.
    fileprivate var isOutage: Bool {
        switch self {
        case .unreachable, .timedOut, .rateLimited, .failed, .overloaded: true
        default: false
        }
    }
}
