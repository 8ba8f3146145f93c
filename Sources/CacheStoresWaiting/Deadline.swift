/// A moment by which something must be done, on a monotonic clock.
package struct Deadline: Sendable, Hashable {
    /// No wait is longer: a year is as good as for ever, and can't overflow.
    package static let longest: Duration = .seconds(365 * 86_400)

    package let instant: ContinuousClock.Instant

    /// The deadline a duration from now; one that is not positive has passed.
    package init(after duration: Duration) {
        instant = .now + min(max(duration, .zero), Self.longest)
    }

    /// A deadline that is earlier by a duration.
    package func earlier(by margin: Duration) -> Deadline { Deadline(instant: instant - margin) }

    private init(instant: ContinuousClock.Instant) {
        self.instant = instant
    }

    package var hasPassed: Bool { instant <= .now }

    /// The time until the deadline; zero once it has passed.
    package var remaining: Duration { max(.zero, ContinuousClock.now.duration(to: instant)) }
}

extension Deadline: Comparable {
    package static func < (left: Deadline, right: Deadline) -> Bool { left.instant < right.instant }
}
