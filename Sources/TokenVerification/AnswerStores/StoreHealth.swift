import CacheStores
import CacheStoresWaiting
import Logging

/// Whether a cache's store can be read, or whether it can be written.
///
/// During an outage only removals are tried, and each cause is logged at most once a minute.
final class StoreHealth: Sendable {
    /// Reads and writes fail apart: a full disk, for example, can be read but not written.
    enum Use {
        case reading, writing

        fileprivate var failure: Logger.Message {
            switch self {
            case .reading: "the token store can't be read; authorities are asked instead"
            case .writing: "the token store can't be written; answers are not kept"
            }
        }

        fileprivate var recovery: Logger.Message {
            switch self {
            case .reading: "the token store can be read again"
            case .writing: "the token store can be written again"
            }
        }
    }

    private let use: Use
    private let logger: Logger
    /// By the store's code, or `nil` where the store took too long.
    private let log: OutageLog<StoreError.Code?>
    /// While it is open, operations are left out, because the store has failed lately.
    let breaker: Breaker

    init(_ use: Use, options: TokenCacheOptions) {
        self.use = use
        logger = options.logger
        log = OutageLog(clock: options.clock.intervals)
        breaker = Breaker(
            threshold: options.breaker.threshold,
            length: options.breaker.pause,
            clock: options.clock.intervals
        )
    }

    func noteSuccess() {
        breaker.noteSuccess()
        guard let omitted = log.noteSuccess() else { return }
        logger.notice(use.recovery, metadata: omitted > 0 ? ["omitted": "\(omitted)"] : [:])
    }

    func noteFailure(_ error: any Error) {
        let code = (error as? StoreError)?.code
        // A single value that is too large says nothing about the others.
        if code != .valueTooLarge { breaker.noteFailure() }
        guard let omitted = log.noteFailure(code) else { return }
        let reason = error is DeadlineExceeded ? "it took too long" : "\(error)"
        var metadata: Logger.Metadata = ["error": "\(reason)"]
        if omitted > 0 { metadata["omitted"] = "\(omitted)" }
        logger.warning(use.failure, metadata: metadata)
    }
}
