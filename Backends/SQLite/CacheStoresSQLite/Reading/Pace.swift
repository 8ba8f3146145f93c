import CacheStores

/// How fast one thing follows the other.
struct Pace {
    /// For so many milliseconds things are counted.
    private static let interval: Int64 = 1
    /// So many within the interval are a fast pace.
    private static let threshold = 8

    private var count = 0
    private var end = Timestamp.distantPast

    /// Counts one, and tells at the end of an interval whether the pace was fast.
    mutating func note(at now: Timestamp) -> Bool {
        count += 1
        guard now >= end else { return false }
        defer {
            count = 0
            end = now.advanced(byMilliseconds: Self.interval)
        }
        return count > Self.threshold && now < end.advanced(byMilliseconds: Self.interval)
    }
}
