import CacheStores
import Synchronization

/// Decides what is logged about something that fails: each cause once, then at most once a minute, and the recovery once.
///
/// What fails and works by turns is logged no more often than that: a recovery is told only after a failure was.
final class OutageLog<Cause: Hashable & Sendable>: Sendable {
    private let clock: WallClock
    private let rates = Mutex<[Cause: LineRate]>([:])
    private let isAnnounced = Atomic(false)

    /// - Parameter clock: what intervals are measured by.
    init(clock: WallClock) {
        self.clock = clock
    }

    /// Notes a failure.
    ///
    /// - Parameter cause: why; one of a bounded number.
    /// - Returns: how many failures with this cause were not logged since the last one that was; `nil` if this one is
    ///   not to be logged either.
    func noteFailure(_ cause: Cause) -> Int? {
        let now = clock.now
        let omitted = rates.withLock { $0[cause, default: LineRate()].admit(at: now) }
        if omitted != nil { isAnnounced.store(true, ordering: .relaxed) }
        return omitted
    }

    /// Notes a success, and returns whether a recovery is to be logged.
    func noteSuccess() -> Bool {
        isAnnounced.load(ordering: .relaxed) && isAnnounced.exchange(false, ordering: .relaxed)
    }
}
