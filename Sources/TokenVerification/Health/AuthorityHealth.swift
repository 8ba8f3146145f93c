import CacheStores
import Logging

/// Whether an authority answers.
///
/// During an outage it is not asked, and each cause is logged at most once a minute.
final class AuthorityHealth: Sendable {
    let kind: String
    private let logger: Logger
    private let longestWait: Duration
    let breaker: AuthorityBreaker
    private let log: OutageLog<VerificationError.Reason>

    /// - Parameters:
    ///   - kind: the authority's kind, for the log.
    ///   - options: the cache's.
    ///   - limits: remembers the keys about which an authority asks for a pause, and why.
    init(of kind: String, options: TokenCacheOptions, limits: KeyMemory<VerificationError.Reason>) {
        self.kind = kind
        logger = options.logger
        longestWait = options.breaker.maximumRetryAfter
        breaker = AuthorityBreaker(
            length: options.breaker.pause,
            longestWait: longestWait,
            clock: options.clock.intervals,
            limits: limits
        )
        log = OutageLog(clock: options.clock.intervals)
    }

    /// Counts a question that was not asked; the next line on the cause tells the count.
    func noteSpared(_ reason: VerificationError.Reason) {
        log.noteOmission(reason)
    }

    func noteAnswer() {
        breaker.noteAnswer()
        guard let omitted = log.noteSuccess() else { return }
        var metadata: Logger.Metadata = ["authority": "\(kind)"]
        if omitted > 0 { metadata["omitted"] = "\(omitted)" }
        logger.notice("the authority answers again", metadata: metadata)
    }

    /// Notes why a question brought no answer.
    ///
    /// - Parameters:
    ///   - error: why.
    ///   - key: what the question was about.
    ///   - limitsEachToken: whether the authority's limits are about the token in question, unless the error says
    ///     otherwise.
    /// - Returns: the error, with a wait that this server heeds.
    func note(_ error: VerificationError, on key: CacheKey, limitsEachToken: Bool) -> VerificationError {
        let wait = error.retryAfter.map { min($0, longestWait) }
        switch error.reason {
        case .cancelled, .shutDown: return error
        case .unreachable, .timedOut: breaker.noteFailure(error.reason, on: key)
        case .rateLimited where !limitsEachToken || error.limitsServer:
            breaker.noteLimit(for: wait ?? .zero)
        // A fault may be about one token, whatever `Retry-After` says.
        case .rateLimited, .failed: breaker.noteLimit(for: wait ?? .zero, on: key, error.reason)
        default: breaker.noteAnswer()
        }
        report(error)
        var heeded = error
        heeded.retryAfter = wait
        return heeded
    }

    private func report(_ error: VerificationError) {
        guard error.code == .unavailable || error.code == .misconfigured,
            let omitted = log.noteFailure(error.reason)
        else { return }
        var metadata: Logger.Metadata = ["authority": "\(kind)", "reason": "\(error.reason)"]
        if let detail = error.detail { metadata["detail"] = "\(detail)" }
        if omitted > 0 { metadata["omitted"] = "\(omitted)" }
        let isOurs = error.code == .misconfigured
        logger.log(
            level: isOurs ? .error : .warning,
            isOurs
                ? "the authority refuses this server's credentials; no new token is accepted"
                : "the authority gave no usable answer; the same is logged at most once a minute",
            metadata: metadata
        )
    }
}
