#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension Timestamp {
    /// The time since 1970, in whole milliseconds.
    public var durationSince1970: Duration { .milliseconds(millisecondsSince1970) }

    /// The moment so long after 1970, clamped; a fraction of a millisecond is dropped.
    public init(durationSince1970 duration: Duration) {
        self.init(millisecondsSince1970: duration.millisecondsTowardZero)
    }

    /// The moment of a date, rounded to the nearest millisecond and clamped.
    public init(_ date: Date) {
        let milliseconds = (date.timeIntervalSince1970 * 1000).rounded()
        self.init(millisecondsSince1970: Int64(exactly: milliseconds) ?? (milliseconds > 0 ? .max : .min))
    }
}

extension Date {
    /// The date of a moment.
    public init(_ timestamp: Timestamp) {
        self.init(timeIntervalSince1970: Double(timestamp.millisecondsSince1970) / 1000)
    }
}
