import CacheStores
import Crypto

/// One refresh: a question about a token whose answer is used meanwhile.
///
/// It never revives what was forgotten.
struct AnswerRefresh: Sendable {
    enum Outcome {
        case accepted, refused, failed
        /// Another process has asked, or is asking; or there is no answer any more.
        case unneeded

        var event: TokenCacheMeter.Event {
            switch self {
            case .accepted: .refresh
            case .refused: .refusedRefresh
            case .failed: .failedRefresh
            case .unneeded: .unneededRefresh
            }
        }
    }

    let question: Question
    let flight: Flight
    let cache: TokenCache
    let refresher: RefreshAhead

    /// Refreshes the answer.
    ///
    /// - Parameter leases: by which one process of a fleet asks; `nil` if each asks for itself.
    /// - Returns: what came of it.
    func outcome(_ leases: FleetLeases?) async -> Outcome {
        guard let leases else { return await outcomeOfAsking() }
        let (key, holder) = (leaseKey, LeaseHolder())
        guard await leases.acquire(key, as: holder, for: question) == true else { return .unneeded }
        let outcome = await outcomeOfAsking()
        // After a failure no other process needs to ask before the lease ends, unless this one is shutting down.
        if outcome != .failed || Task.isCancelled { await leases.release(key, as: holder, for: question) }
        return outcome
    }

    /// Differs from the key of a miss's lease.
    private var leaseKey: CacheKey {
        var hash = SHA256()
        hash.update(data: Array("refresh".utf8))
        hash.update(data: question.key.bytes)
        return CacheKey(hash.finalize())
    }

    private func outcomeOfAsking() async -> Outcome {
        let (answers, key) = (cache.answers, question.key)
        let start = cache.clock.now

        // Look: another process may have refreshed the answer, or forgotten the token.
        guard case .fresh(let token) = await answers.lookUp(question),
            refresher.isDue(token, under: key, at: start), !flight.isDetached
        else { return .unneeded }

        // Ask. An outage changes nothing.
        var answer: TimedVerdict
        do throws(VerificationError) {
            answer = try await question.authority.askAhead(question, as: flight.span)
            answer = try await cache.judged(answer, of: question)
        } catch {
            return .failed
        }

        // Keep the answer, or end the old one, unless the token was forgotten meanwhile.
        switch answer.verdict {
        case .accepted(let token, let isCacheable):
            if isCacheable, !answer.isSuperseded, !flight.isDetached {
                await answers.keep(token, as: question, asked: answer.asked)
            }
            return .accepted
        case .refused:
            guard !flight.isDetached else { return .refused }
            cache.remember(answer.refusal, of: key, begun: start)
            // Where the store does not confirm, at least this process uses the old answer no more.
            let end = cache.clock.now
            if await !answers.dropRefused(question) { answers.rules.withdrawals.withdraw(key, at: end) }
            return .refused
        }
    }
}
