import CacheStores
import CacheStoresWaiting

/// One flight: the way to an answer that memory does not hold.
struct Inquiry: Sendable {
    let question: Question
    let flight: Flight
    let cache: TokenCache

    /// The answer, from the store, another process, the authority, or an old one in an outage.
    func answer() async throws(VerificationError) -> Verification {
        let (answers, authority, key) = (cache.answers, question.authority, question.key)
        let start = cache.clock.now

        // Look: an earlier flight may have kept an answer since the caller looked.
        let stored = await answers.lookUp(question)
        if case .fresh(let token) = stored { return cache.hit(token, for: key) }

        // Known refusal.
        try cache.checkRefusals(key)

        // Postponed: the authority failed to answer about this token a moment ago.
        if let postponements = cache.postponements, postponements.contains(key),
            let answer = staleAnswer(stored)
        {
            return answer
        }

        // Lead or follow in the fleet; fails fast, since the breaker is checked before the lease is waited for.
        let isKnown = stored.isStale || authority.isKnown(key)
        var lease: LeaseHolder?
        if let fleet = cache.fleet {
            do {
                try authority.checkBreaker(for: key, isKnown: isKnown)
            } catch {
                return try await answer(insteadOf: error)
            }
            // Half of the time is left to ask, should the other process fail.
            let limit = min(authority.deadline, question.askingDeadline.remaining / 2)
            let part = await fleet.part(in: key, for: question, waiting: limit) {
                if case .fresh(let token) = await answers.lookUp(question) { token } else { nil }
            }
            switch part {
            case .alone: break
            case .leader(let holder):
                cache.meter.count(.lease)
                lease = holder
            case .follower(let token):
                cache.meter.count(.fleetAnswer)
                return cache.hit(token, for: key)
            }
        }

        // Ask. If a mark covers the answer, ask once more: some of the waiters may have come after the mark.
        var reply = await reply(isKnown: isKnown)
        if case .success(let answer) = reply, answer.isSuperseded {
            reply = await self.reply(isKnown: isKnown)
        }

        // Keep, unless the token was forgotten meanwhile. A refusal removes what the store may hold.
        if case .success(let answer) = reply {
            switch answer.verdict {
            case .accepted(let token, let isCacheable):
                if isCacheable, !answer.isSuperseded, !flight.isDetached {
                    await answers.keep(token, as: question, asked: answer.asked)
                }
            case .refused:
                if !flight.isDetached { cache.remember(answer.refusal, of: key, begun: start) }
                if !stored.isNone {
                    if cache.postponements != nil {
                        answers.rules.noteRefusal(of: key, at: answers.clock.now)
                    }
                    if isKnown { await answers.dropRefused(question) }
                }
            }
        }
        if let lease { await cache.fleet?.release(key, as: lease, for: question) }

        // Give the answer, or fall back to an old one.
        switch reply {
        case .success(let answer): return try answer.verification
        case .failure(let error): return try await self.answer(insteadOf: error)
        }
    }

    /// The authority's answer, of which at most a refusal is remembered.
    func uncachedAnswer() async throws(VerificationError) -> Verification {
        let start = cache.clock.now
        let isKnown = question.authority.isKnown(question.key)
        let answer = try await reply(isKnown: isKnown).get()
        if answer.verdict == .refused, !flight.isDetached {
            cache.remember(answer.refusal, of: question.key, begun: start)
        }
        return try answer.verification
    }

    private func reply(isKnown: Bool) async -> Result<TimedVerdict, VerificationError> {
        do throws(VerificationError) {
            let verdict = try await question.authority.ask(question, as: flight.span, isKnown: isKnown)
            return .success(try await cache.judged(verdict, of: question))
        } catch {
            return .failure(error)
        }
    }

    /// An old answer in place of an error, if the error means that the authority is unavailable.
    private func answer(insteadOf error: VerificationError) async throws(VerificationError) -> Verification {
        guard let postponements = cache.postponements, error.reason.isOutage, !Task.isCancelled else {
            throw error
        }
        // Once more: since the question began, another process may have forgotten the token or got an answer.
        let stored = await cache.answers.lookUp(question)
        if case .fresh(let token) = stored { return cache.hit(token, for: question.key) }
        guard let answer = staleAnswer(stored) else { throw error }
        postponements.insert(question.key, lasting: cache.options.stale.retryInterval)
        return answer
    }

    private func staleAnswer(_ stored: StoredAnswer) -> Verification? {
        let answers = cache.answers
        guard case .stale(let token) = stored, !flight.isDetached,
            answers.rules.allowStale(token, under: question.key, at: answers.clock.now)
        else { return nil }
        cache.meter.count(.staleAnswer)
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
