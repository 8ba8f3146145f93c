import HTTPTransports
import HTTPTypes

/// What a reply says of the time for which it may be used (RFC 9111 §5.2.2).
enum CacheControl {
    /// `max-age`, or zero where the reply must not be kept; `nil` if the reply does not say.
    static func maximumAge(of reply: HTTPReply) -> Duration? {
        var age: Duration?
        for field in reply.head.headerFields[values: .cacheControl] {
            for directive in field.split(separator: ",") {
                let text = directive.filter { $0 != " " && $0 != "\t" && $0 != "\"" }.lowercased()
                if text == "no-store" || text == "no-cache" { return .zero }
                guard text.hasPrefix("max-age="), let seconds = Int64(text.dropFirst(8)), seconds >= 0 else {
                    continue
                }
                let named = Duration.seconds(min(seconds, 31_536_000))
                age = min(age ?? named, named)
            }
        }
        return age
    }
}
