import CacheStores
import Synchronization

/// Tells those who have waited long enough, by one timer for all of them.
///
/// A look-up in a store across a network takes a tenth of a millisecond, and a timer of its own would cost it a third
/// of that. So moments are looked at every ten milliseconds, and only while anybody waits.
final class Alarms: Sendable {
    static let shared = Alarms()

    private struct Alarm {
        let moment: Timestamp
        let ring: @Sendable () -> Void
    }

    private struct State {
        var alarms: [UInt64: Alarm] = [:]
        var nextNumber: UInt64 = 0
        var isTicking = false
    }

    private static let interval: Duration = .milliseconds(10)

    private let state = Mutex(State())

    /// Sets an alarm.
    ///
    /// - Parameters:
    ///   - limit: how long from now; it may ring a little later.
    ///   - ring: what is done then, on a thread that must not be held up.
    /// - Returns: the alarm's number.
    func set(after limit: Duration, _ ring: @escaping @Sendable () -> Void) -> UInt64 {
        let alarm = Alarm(moment: WallClock.monotonic.now.end(of: limit), ring: ring)
        let (number, isFirst) = state.withLock { state in
            state.nextNumber += 1
            state.alarms[state.nextNumber] = alarm
            defer { state.isTicking = true }
            return (state.nextNumber, !state.isTicking)
        }
        if isFirst { tick() }
        return number
    }

    /// Takes an alarm back that may have rung.
    func take(back number: UInt64) {
        // Out of the lock, since what an alarm holds may be released by this.
        let alarm = state.withLock { $0.alarms.removeValue(forKey: number) }
        withExtendedLifetime(alarm) {}
    }

    private func tick() {
        // Ended by its own return, as soon as nobody waits any more.
        Task.detached { [self] in
            repeat { try? await Task.sleep(for: Self.interval) } while ringDue()
        }
    }

    /// Rings what is due, and returns whether there is anything left to wait for.
    private func ringDue() -> Bool {
        let now = WallClock.monotonic.now
        let (due, isTicking) = state.withLock { state in
            let due = state.alarms.filter { $0.value.moment <= now }
            for number in due.keys { state.alarms[number] = nil }
            state.isTicking = !state.alarms.isEmpty
            return (due.values, state.isTicking)
        }
        for alarm in due { alarm.ring() }
        return isTicking
    }
}
