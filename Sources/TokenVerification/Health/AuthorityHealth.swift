import CacheStores
import Logging

/// Whether an authority answers: an outage is logged once and not for every question, and while it lasts the authority
/// is left alone.
final class AuthorityHealth: Sendable {
    private let kind: String
    private let logger: Logger
    private let longestWait: Duration
    private let breaker: AuthorityBreaker
    private let log: OutageLog<VerificationError.Reason>

    /// - Parameters:
    ///   - kind: the authority's kind, for the log.
    ///   - options: the cache's.
    ///   - limits: remembers the keys that an authority asks to be left alone with, and why.
    init(of kind: String, options: TokenCacheOptions, limits: MemoryStore<VerificationError.Reason>) {
        self.kind = kind
        logger = options.logger
        longestWait = options.maximumRetryAfter
        breaker = AuthorityBreaker(
            length: options.breakerPause,
            longestWait: longestWait,
            clock: options.intervalClock,
            limits: limits
        )
        log = OutageLog(clock: options.intervalClock)
    }

    /// Why a question would not be let through now, if that is so; takes no turn.
    func pause(for key: CacheKey) -> AuthorityBreaker.Pause? {
        breaker.pause(for: key)
    }

    /// Asks to let a question through, which then tells its outcome.
    func admit(_ key: CacheKey) -> AuthorityBreaker.Pause? {
        breaker.admit(key)
    }

    func noteAnswer() {
        breaker.noteAnswer()
        guard log.noteSuccess() else { return }
        logger.notice("the authority answers again", metadata: ["authority": "\(kind)"])
    }

    /// Notes why a question brought no answer.
    ///
    /// - Parameters:
    ///   - error: why.
    ///   - key: what the question was about.
    ///   - limitsEachToken: whether the authority's limits are about the token in question.
    /// - Returns: the error, with a wait that this server heeds.
    func note(_ error: VerificationError, on key: CacheKey, limitsEachToken: Bool) -> VerificationError {
        let wait = error.retryAfter.map { min($0, longestWait) }
        switch error.reason {
        case .cancelled, .shutDown: return error
        case .unreachable, .timedOut: breaker.noteFailure(error.reason, on: key)
        case .rateLimited where !limitsEachToken: breaker.noteLimit(for: wait ?? .zero)
        // A fault may be about one token, whatever the authority says of when to come back.
        case .rateLimited, .failed: breaker.noteLimit(for: wait ?? .zero, on: key, error.reason)
        default: breaker.noteAnswer()
        }
        if !(error.reason == .rateLimited && limitsEachToken) { report(error) }
        return VerificationError(error.reason, retryAfter: wait, detail: error.detail)
    }

    private func report(_ error: VerificationError) {
        guard error.code == .unavailable || error.code == .misconfigured,
            let omitted = log.noteFailure(error.reason)
        else { return }
        var metadata: Logger.Metadata = ["authority": "\(kind)", "reason": "\(error.reason.rawValue)"]
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
