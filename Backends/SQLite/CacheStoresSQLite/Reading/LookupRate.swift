/// Measures the rate of lookups.
struct LookupRate {
    /// The length of an interval.
    private static let interval = Duration.milliseconds(1)
    /// With more lookups than this within an interval the rate is high.
    private static let threshold = 8

    private var count = 0
    private var end = ContinuousClock.now

    /// Counts a lookup; the first one after an interval gets `true` if the rate in the interval was high.
    mutating func note(at now: ContinuousClock.Instant) -> Bool {
        count += 1
        guard now >= end else { return false }
        defer {
            count = 0
            end = now + Self.interval
        }
        return count > Self.threshold && now < end + Self.interval
    }
}
