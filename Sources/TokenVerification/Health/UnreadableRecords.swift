import CacheStores
import Logging
import Synchronization

/// Warns of records in the current format that do not open: once, then at most once a minute with a count.
final class UnreadableRecords: Sendable {
    private let clock: WallClock
    private let logger: Logger
    private let rate = Mutex(LineRate())

    init(options: TokenCacheOptions) {
        clock = options.intervalClock
        logger = options.logger
    }

    func warn() {
        let now = clock.now
        guard let omitted = rate.withLock({ $0.admit(at: now) }) else { return }
        logger.warning(
            """
            a record of the current format does not open; processes whose sealing or sealing secrets differ share no \
            answers
            """,
            metadata: omitted > 0 ? ["omitted": "\(omitted)"] : [:]
        )
    }
}
