import Foundation

/// What a figure counts, and how it is written.
package enum Figure: String, Sendable, Codable {
    /// The time of one operation.
    case nanoseconds
    /// Operations in a second, by all tasks together.
    case perSecond
    case bytes
    case questions
    /// How many times as much more tasks do than one.
    case scaling

    /// Whether less is better.
    var isCost: Bool { self != .perSecond && self != .scaling }

    package func text(_ value: Double) -> String {
        switch self {
        case .nanoseconds: Self.scaled(value, ["ns", "µs", "ms", "s"], by: 1000)
        case .perSecond: Self.scaled(value, ["/s", "k/s", "M/s"], by: 1000)
        case .bytes: Self.scaled(value, ["B", "KiB", "MiB", "GiB"], by: 1024, from: 10_000)
        case .questions, .scaling: Self.short(value)
        }
    }

    /// A number with three digits that count.
    static func short(_ value: Double) -> String {
        let size = abs(value)
        let decimals = size < 10 ? 2 : size < 100 ? 1 : 0
        let text = String(format: "%.\(decimals)f", value)
        guard decimals > 0 else { return text }
        return String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed())
    }

    private static func scaled(
        _ value: Double,
        _ units: [String],
        by step: Double,
        from limit: Double = 1000
    ) -> String {
        var (value, place) = (value, 0)
        while abs(value) >= limit, place < units.count - 1 {
            value /= step
            place += 1
        }
        return "\(short(value)) \(units[place])"
    }
}
