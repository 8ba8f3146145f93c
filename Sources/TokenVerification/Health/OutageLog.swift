import CacheStoresWaiting
import Synchronization

/// Decides what is logged about something that fails: each cause once, then at most once a minute, and the recovery once.
///
/// A recovery is logged only after a failure was logged, so something that fails and works by turns is logged no more
/// often than that. The lines are written after this decision and without a lock: of a failure and a recovery at the
/// same moment, either line may come first.
final class OutageLog<Cause: Hashable & Sendable>: Sendable {
    private let clock: IntervalClock
    private let rates = Mutex<[Cause: LineRate]>([:])
    private let isAnnounced = Atomic(false)

    /// - Parameter clock: what intervals are measured by.
    init(clock: IntervalClock) {
        self.clock = clock
    }

    /// Notes a failure.
    ///
    /// - Parameter cause: why; one of a bounded number.
    /// - Returns: how many failures with this cause were left out since the last line; `nil` if this one is left out too.
    func noteFailure(_ cause: Cause) -> Int? {
        let now = clock.now
        let omitted = rates.withLock { $0[cause, default: LineRate()].admit(at: now) }
        if omitted != nil { isAnnounced.store(true, ordering: .relaxed) }
        return omitted
    }

    /// Counts a consequence of a failure that was noted before; no line is written for it.
    func noteOmission(_ cause: Cause) {
        rates.withLock { $0[cause]?.omit() }
    }

    /// Notes a success.
    ///
    /// - Returns: how many failures were left out since the last line on their cause; `nil` if no recovery is logged.
    func noteSuccess() -> Int? {
        guard isAnnounced.load(ordering: .relaxed), isAnnounced.exchange(false, ordering: .relaxed) else {
            return nil
        }
        return rates.withLock { rates in
            rates.keys.reduce(0) { $0 + (rates[$1]?.takeOmitted() ?? 0) }
        }
    }
}
