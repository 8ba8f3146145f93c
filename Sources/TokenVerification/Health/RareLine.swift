import CacheStoresWaiting
import Logging
import Synchronization

/// A line that is logged once, then at most once a minute with a count of those that are left out.
final class RareLine: Sendable {
    private let level: Logger.Level
    private let message: Logger.Message
    private let logger: Logger
    private let clock: IntervalClock
    private let rate = Mutex(LineRate())

    /// - Parameters:
    ///   - level: the line's level.
    ///   - message: the line.
    ///   - logger: where it is written.
    ///   - clock: measures the minute.
    init(_ level: Logger.Level, _ message: Logger.Message, to logger: Logger, clock: IntervalClock) {
        self.level = level
        self.message = message
        self.logger = logger
        self.clock = clock
    }

    /// Writes the line, or counts it.
    func write(_ details: Logger.Metadata = [:]) {
        let now = clock.now
        guard let omitted = rate.withLock({ $0.admit(at: now) }) else { return }
        var metadata = details
        if omitted > 0 { metadata["omitted"] = "\(omitted)" }
        logger.log(level: level, message, metadata: metadata)
    }
}
