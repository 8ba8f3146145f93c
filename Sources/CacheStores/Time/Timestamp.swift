/// A moment, in whole milliseconds since 1970-01-01 00:00 UTC.
///
/// Moments that come from outside may be anything, so a timestamp is clamped to ±2^52 milliseconds (some
/// 142 000 years) and its arithmetic stays there: it never overflows.
public struct Timestamp: Sendable, Hashable {
    @usableFromInline
    static var bound: Int64 { 1 << 52 }

    /// The earliest moment.
    public static let distantPast = Timestamp(millisecondsSince1970: .min)
    /// The latest moment.
    public static let distantFuture = Timestamp(millisecondsSince1970: .max)

    /// Whole milliseconds since 1970-01-01 00:00 UTC, from −2^52 to 2^52; negative before 1970.
    public let millisecondsSince1970: Int64

    /// The moment so many milliseconds after 1970, clamped to ±2^52.
    @inlinable
    public init(millisecondsSince1970: Int64) {
        self.millisecondsSince1970 = min(max(millisecondsSince1970, -Self.bound), Self.bound)
    }

    /// The moment so many seconds after 1970, rounded down to a millisecond and clamped.
    ///
    /// - Parameter secondsSince1970: any number; there is no moment for one that is not a number.
    public init?(secondsSince1970: Double) {
        let milliseconds = (secondsSince1970 * 1000).rounded(.down)
        guard !milliseconds.isNaN else { return nil }
        let bound = Double(Self.bound)
        self.init(millisecondsSince1970: Int64(min(max(milliseconds, -bound), bound)))
    }
}

extension Timestamp: InstantProtocol {
    /// The moment that lies a duration later; a fraction of a millisecond is dropped.
    public func advanced(by duration: Duration) -> Timestamp {
        advanced(byMilliseconds: duration.millisecondsTowardZero)
    }

    /// The time from this moment to another one: positive if the other is later, negative if it is earlier.
    public func duration(to other: Timestamp) -> Duration {
        .milliseconds(other.millisecondsSince1970 - millisecondsSince1970)
    }

    @inlinable
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.millisecondsSince1970 < right.millisecondsSince1970
    }

    /// The moment so many milliseconds later, clamped.
    @inlinable
    package func advanced(byMilliseconds milliseconds: Int64) -> Timestamp {
        let (sum, overflow) = millisecondsSince1970.addingReportingOverflow(milliseconds)
        guard !overflow else { return milliseconds < 0 ? .distantPast : .distantFuture }
        return Timestamp(millisecondsSince1970: sum)
    }
}

extension Timestamp: CustomStringConvertible {
    public var description: String { "\(millisecondsSince1970) ms" }
}
