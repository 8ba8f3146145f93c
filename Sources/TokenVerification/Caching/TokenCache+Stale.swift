import CacheStores

/// Marks a token about which the authority just failed to answer, so that it is not asked again at once.
struct Postponement: Sendable {}

extension TokenCache {
    /// An old answer, if the authority failed to answer about this token a moment ago.
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

    /// An old answer in place of an error, if the error means that the authority is unavailable.
    func answer(
        to question: Question,
        in flight: Flight,
        insteadOf error: VerificationError
    ) async throws(VerificationError) -> Verification {
        guard let postponements, error.reason.isOutage, !Task.isCancelled else { throw error }
        // Once more: since the question began, another process may have forgotten the token or got an answer.
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
    /// Whether the authority gave no answer at all.
    ///
    /// An answer that makes no sense is an answer: its meaning is not known, and it may be a refusal.
    fileprivate var isOutage: Bool {
        switch self {
        case .unreachable, .timedOut, .rateLimited, .failed, .overloaded: true
        default: false
        }
    }
}
