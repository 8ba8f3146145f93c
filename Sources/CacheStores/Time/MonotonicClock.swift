/// A clock for spans of time within this process; setting the system's time has no effect on it.
package struct MonotonicClock: Sendable {
    /// Where an injected clock starts.
    private static let origin = ContinuousClock.now

    private let injected: WallClock?

    /// - Parameter clock: a clock that a test injected is followed; the machine's is not.
    package init(following clock: WallClock = .system) {
        injected = clock.isInjected ? clock : nil
    }

    package var now: ContinuousClock.Instant {
        guard let injected else { return .now }
        return Self.origin + .milliseconds(injected.now.millisecondsSince1970)
    }
}
