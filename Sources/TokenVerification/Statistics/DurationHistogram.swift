/// How many times fell into which range.
public struct DurationHistogram: Sendable, Hashable {
    /// The upper bounds of all ranges but the last, which has none.
    public static let bounds: [Duration] = [
        .milliseconds(1), .milliseconds(2), .milliseconds(5), .milliseconds(10), .milliseconds(20),
        .milliseconds(50), .milliseconds(100), .milliseconds(200), .milliseconds(500), .seconds(1),
        .seconds(2),
        .seconds(5), .seconds(10),
    ]

    /// How many times fell into each range: above the bound before, and at most its own.
    public var counts = [Int](repeating: 0, count: bounds.count + 1)
    /// The sum of all times.
    public var sum: Duration = .zero

    /// Makes a histogram without times.
    public init() {}

    /// How many times there are.
    public var count: Int { counts.reduce(0, +) }

    /// The bound that a share of the times does not exceed.
    ///
    /// - Parameter share: from 0 to 1, such as 0.99.
    /// - Returns: `nil` if there are no times, or if the bound is above all of ``bounds``.
    public func bound(of share: Double) -> Duration? {
        let total = count
        guard total > 0 else { return nil }
        var sum = 0
        for (bound, count) in zip(Self.bounds, counts) {
            sum += count
            if Double(sum) >= share * Double(total) { return bound }
        }
        return nil
    }

    /// Adds a time.
    mutating func add(_ time: Duration) {
        let index = Self.bounds.firstIndex { time <= $0 } ?? Self.bounds.count
        counts[index] &+= 1
        sum += time
    }
}
