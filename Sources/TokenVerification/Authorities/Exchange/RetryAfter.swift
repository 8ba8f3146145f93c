public import CacheStores
public import HTTPTransports
import HTTPTypes

/// How long a server asks to be left alone.
package enum RetryAfter {
    /// The longest wait that is believed: a server's mistake must not keep its users out for a day.
    static let maximum = Duration.seconds(300)

    /// Reads a `Retry-After` field, which is seconds or a date; what is neither is ignored (RFC 9110 §10.2.3).
    package static func duration(_ field: String, at now: Timestamp) -> Duration? {
        let text = field.filter { $0 != " " && $0 != "\t" }
        if !text.isEmpty, text.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) {
            guard let seconds = Int64(text), seconds < maximum.components.seconds else { return maximum }
            return .seconds(seconds)
        }
        return HTTPDate.timestamp(field).map { wait(until: $0, at: now) }
    }

    /// The wait until a moment, within its bounds.
    package static func wait(until moment: Timestamp, at now: Timestamp) -> Duration {
        min(max(now.duration(to: moment), .zero), maximum)
    }
}

extension HTTPReply {
    /// How long the reply asks to wait, by its `Retry-After` field (RFC 9110 §10.2.3), within bounds.
    ///
    /// - Parameter now: the time, from which a date counts.
    /// - Returns: `nil` if the field is absent, or neither seconds nor a date.
    public func retryAfter(at now: Timestamp) -> Duration? {
        head.headerFields[.retryAfter].flatMap { RetryAfter.duration($0, at: now) }
    }
}
