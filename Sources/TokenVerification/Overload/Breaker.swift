package import CacheStores
import Synchronization

/// Leaves somebody alone who keeps failing, and lets one call at a time find out whether that is over.
///
/// Closed, it lets every call pass. After some failures in a row it opens: for a while no call is worth making.
/// Then it is half open: one call passes, and its outcome closes the breaker or opens it again. A call that never
/// tells its outcome counts for as long as the breaker would have been open.
package final class Breaker<Cause: Sendable>: Sendable {
    /// Why no call is worth making now, and how long that goes on.
    package struct Pause: Sendable {
        package let cause: Cause
        package let remainder: Duration
    }

    private struct State {
        var failures = 0
        var pause: (cause: Cause, end: Timestamp)?
        var isHalfOpen = false
    }

    private let threshold: Int
    private let length: Duration
    private let clock: WallClock
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
        clock: WallClock,
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        self.threshold = threshold
        self.length = length
        self.clock = clock
        self.random = random
    }

    /// Why a call would not be let pass now, if that is so; takes nobody's turn.
    package func pause() -> Pause? {
        guard !isQuiet.load(ordering: .acquiring) else { return nil }
        let now = clock.now
        return state.withLock { Self.pause(of: $0, at: now) }
    }

    /// Asks to let a call pass, which then tells its outcome.
    ///
    /// - Returns: `nil` if the call may be made, otherwise why not.
    package func admit() -> Pause? {
        guard !isQuiet.load(ordering: .acquiring) else { return nil }
        let now = clock.now
        return state.withLock { state in
            if let pause = Self.pause(of: state, at: now) { return pause }
            guard let cause = state.pause?.cause else { return nil }
            state.isHalfOpen = true
            state.pause = (cause, now.advanced(by: length))
            return nil
        }
    }

    /// Notes that a call succeeded.
    package func noteSuccess() {
        guard !isQuiet.load(ordering: .acquiring) else { return }
        state.withLock { state in
            // A call from before the pause says nothing about its end.
            guard state.pause == nil || state.isHalfOpen else { return }
            state = State()
            isQuiet.store(true, ordering: .releasing)
        }
    }

    /// Notes that a call failed.
    ///
    /// - Parameters:
    ///   - cause: why.
    ///   - requested: how long the other side asks to be left alone; then one failure suffices.
    package func noteFailure(_ cause: Cause, pausingFor requested: Duration? = nil) {
        let now = clock.now
        let spread = length * (random() / 2)
        state.withLock { state in
            isQuiet.store(false, ordering: .releasing)
            state.failures += 1
            guard requested != nil || state.isHalfOpen || state.failures >= threshold else { return }
            let isOpen = state.pause != nil && !state.isHalfOpen
            // Failures of calls from before the pause don't prolong it, a request does.
            guard requested != nil || !isOpen else { return }
            let end = now.advanced(by: (requested ?? length) + spread)
            state.pause = (cause, isOpen ? max(end, state.pause?.end ?? end) : end)
            state.isHalfOpen = false
        }
    }

    private static func pause(of state: State, at now: Timestamp) -> Pause? {
        guard let pause = state.pause, now < pause.end else { return nil }
        return Pause(cause: pause.cause, remainder: now.duration(to: pause.end))
    }
}
