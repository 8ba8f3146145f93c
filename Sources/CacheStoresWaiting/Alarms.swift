import Synchronization

/// Timeouts that share one timer.
///
/// A look-up in a store across a network takes a tenth of a millisecond, and a timer of its own would cost it a third
/// of that. So all timeouts are checked every ten milliseconds, and only while there are any.
package final class Alarms: Sendable {
    package static let shared = Alarms()

    private struct Alarm {
        let deadline: Deadline
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
    ///   - deadline: when it rings; it may ring a little later.
    ///   - ring: called then; it must not block its thread.
    /// - Returns: the alarm's number.
    package func set(for deadline: Deadline, _ ring: @escaping @Sendable () -> Void) -> UInt64 {
        let (number, isFirst) = state.withLock { state in
            state.nextNumber += 1
            state.alarms[state.nextNumber] = Alarm(deadline: deadline, ring: ring)
            defer { state.isTicking = true }
            return (state.nextNumber, !state.isTicking)
        }
        if isFirst { tick() }
        return number
    }

    /// Cancels an alarm, which may have rung already.
    package func cancel(_ number: UInt64) {
        // Out of the lock, since what an alarm holds may be released by this.
        let alarm = state.withLock { $0.alarms.removeValue(forKey: number) }
        withExtendedLifetime(alarm) {}
    }

    private func tick() {
        // Ended by its own return, as soon as no alarm is set.
        Task.detached { [self] in
            repeat { try? await Task.sleep(for: Self.interval) } while ringDue()
        }
    }

    /// Rings the alarms that are due, and returns whether others are left.
    private func ringDue() -> Bool {
        let now = ContinuousClock.now
        let (due, isTicking) = state.withLock { state in
            let due = state.alarms.filter { $0.value.deadline.instant <= now }
            for number in due.keys { state.alarms[number] = nil }
            state.isTicking = !state.alarms.isEmpty
            return (due.values, state.isTicking)
        }
        for alarm in due { alarm.ring() }
        return isTicking
    }
}
