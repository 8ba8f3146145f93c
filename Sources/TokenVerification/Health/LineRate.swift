import CacheStoresWaiting

/// Lets one line into a log, then at most one a minute, and counts those that are left out.
struct LineRate {
    private static let interval = Duration.seconds(60)

    private var last: IntervalClock.Instant?
    private var omitted = 0

    /// Asks to write a line.
    ///
    /// - Parameter now: the moment, by the clock that measures intervals.
    /// - Returns: how many lines were left out since the last one, or `nil` if this one is left out too.
    mutating func admit(at now: IntervalClock.Instant) -> Int? {
        if let last, last.duration(to: now) < Self.interval {
            omit()
            return nil
        }
        last = now
        return takeOmitted()
    }

    /// Counts a line that is left out.
    mutating func omit() {
        omitted += 1
    }

    /// How many lines were left out since this was last asked.
    mutating func takeOmitted() -> Int {
        defer { omitted = 0 }
        return omitted
    }
}
