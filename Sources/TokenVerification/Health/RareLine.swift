import CacheStores
import Logging
import Synchronization

/// A line that is logged once, then at most once a minute with a count of those that are left out.
final class RareLine: Sendable {
    private let level: Logger.Level
    private let message: Logger.Message
    private let logger: Logger
    private let clock: WallClock
    private let rate = Mutex(LineRate())

    /// - Parameters:
    ///   - level: the line's level.
    ///   - message: the line.
    ///   - logger: where it is written.
    ///   - clock: what intervals are measured by.
    init(_ level: Logger.Level, _ message: Logger.Message, to logger: Logger, clock: WallClock) {
        self.level = level
        self.message = message
        self.logger = logger
        self.clock = clock
    }

    /// Writes the line, or counts it.
    func write() {
        let now = clock.now
        guard let omitted = rate.withLock({ $0.admit(at: now) }) else { return }
        logger.log(level: level, message, metadata: omitted > 0 ? ["omitted": "\(omitted)"] : [:])
    }
}
