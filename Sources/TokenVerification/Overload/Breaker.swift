package import CacheStoresWaiting
import Synchronization

/// A circuit breaker for a store: it opens after some failures in a row.
///
/// Closed, it lets every call pass. Open, it lets none pass for a while. Then it is half open: one call passes, and its
/// outcome closes the breaker or opens it again. A call that never tells its outcome counts for as long as the breaker
/// would have been open.
package final class Breaker: Sendable {
    private struct State {
        var failures = 0
        var pauseEnd: IntervalClock.Instant?
        var isHalfOpen = false
    }

    private let threshold: Int
    private let length: Duration
    private let clock: IntervalClock
    private let random: @Sendable () -> Double
    private let state = Mutex(State())
    /// Whether nothing has failed lately, so that a call need not take the lock.
    private let isQuiet = Atomic(true)

    /// Makes a closed breaker.
    ///
    /// - Parameters:
    ///   - threshold: how many failures in a row open it.
    ///   - length: how long it stays open; up to half as long again, at random, so that the processes of a fleet
    ///     don't come back at the same moment.
    ///   - clock: the clock that pauses are measured by.
    ///   - random: gives numbers from 0 to 1.
    package init(
        threshold: Int,
        length: Duration,
        clock: IntervalClock,
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        self.threshold = threshold
        self.length = length
        self.clock = clock
        self.random = random
    }

    /// Whether it is open, or half open.
    package var isOpen: Bool { state.withLock { $0.pauseEnd != nil } }

    /// Asks to let a call pass, which then tells its outcome.
    ///
    /// - Returns: whether the call may be made.
    package func admit() -> Bool {
        guard !isQuiet.load(ordering: .acquiring) else { return true }
        let now = clock.now
        return state.withLock { state in
            guard let end = state.pauseEnd else { return true }
            guard now >= end else { return false }
            state.isHalfOpen = true
            state.pauseEnd = now.advanced(by: length)
            return true
        }
    }

    /// Notes that a call succeeded.
    package func noteSuccess() {
        guard !isQuiet.load(ordering: .acquiring) else { return }
        state.withLock { state in
            // A call from before the pause says nothing about its end.
            guard state.pauseEnd == nil || state.isHalfOpen else { return }
            state = State()
            isQuiet.store(true, ordering: .releasing)
        }
    }

    /// Notes that a call failed.
    package func noteFailure() {
        let end = clock.now.advanced(by: length + length * (random() / 2))
        state.withLock { state in
            isQuiet.store(false, ordering: .releasing)
            state.failures += 1
            guard state.isHalfOpen || state.failures >= threshold else { return }
            // Calls from before the pause don't prolong it.
            guard state.pauseEnd == nil || state.isHalfOpen else { return }
            state.pauseEnd = end
            state.isHalfOpen = false
        }
    }
}
