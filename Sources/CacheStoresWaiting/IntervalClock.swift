/// Measures spans of time: by a monotonic clock, or by one that a test moves.
package struct IntervalClock: Sendable {
    package typealias Instant = ContinuousClock.Instant

    /// The machine's.
    package static let continuous = IntervalClock { .now }

    private let reading: @Sendable () -> Instant

    /// - Parameter reading: gives the moment.
    package init(_ reading: @escaping @Sendable () -> Instant) {
        self.reading = reading
    }

    package var now: Instant { reading() }
}
