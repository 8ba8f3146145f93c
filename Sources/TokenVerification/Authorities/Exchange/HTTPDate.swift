package import CacheStores

/// Dates as they stand in HTTP fields and in GitHub's answers.
package enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Reads an HTTP date in any of its three forms (RFC 9110 §5.6.7).
    ///
    /// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or `Sun Nov  6 08:49:37 1994`.
    package static func timestamp(_ text: String) -> Timestamp? {
        let words = text.split(whereSeparator: { $0 == " " || $0 == "," || $0 == "-" }).map(String.init)
        var time = CivilTime()
        switch (words.count, words.last) {
        case (6, "GMT"):
            guard let day = number(words[1], 1...2), let year = number(words[3], 2...4) else { return nil }
            guard let month = month(words[2]), read(words[4], into: &time) else { return nil }
            (time.year, time.month, time.day) = (
                year < 100 ? year + (year < 70 ? 2000 : 1900) : year, month, day
            )
        case (5, let year?):
            guard let day = number(words[2], 1...2), let year = number(year, 4...4) else { return nil }
            guard let month = month(words[1]), read(words[3], into: &time) else { return nil }
            (time.year, time.month, time.day) = (year, month, day)
        default: return nil
        }
        return time.timestamp
    }

    /// Reads an ISO 8601 date and time with a zone.
    ///
    /// `2026-12-31T23:59:59Z`, `2026-12-31 23:59:59 UTC`, `2026-12-31 23:59:59 +0100`, with any fraction of a second
    /// or none.
    package static func iso8601(_ text: String) -> Timestamp? {
        let date = text.prefix(10).split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        let rest = text.dropFirst(10)
        guard date.count == 3, let separator = rest.first, separator == "T" || separator == " ",
            let year = number(date[0], 4...4), let month = number(date[1], 2...2),
            let day = number(date[2], 2...2)
        else { return nil }
        let digits = rest.dropFirst().prefix { !"Z+- U".contains($0) }
        let zone = rest.dropFirst(1 + digits.count).drop { $0 == " " }
        let clock = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init
        )
        guard clock.count < 2 || number(clock[1], 1...9) != nil else { return nil }
        var time = CivilTime(year: year, month: month, day: day)
        guard read(clock[0], into: &time), let offset = offset(String(zone)) else { return nil }
        time.offsetMinutes = offset
        return time.timestamp
    }

    private static func offset(_ zone: String) -> Int? {
        if zone == "Z" || zone == "UTC" { return 0 }
        guard let sign = zone.first, sign == "+" || sign == "-" else { return nil }
        let digits = zone.dropFirst().filter { $0 != ":" }
        guard let value = number(digits, 4...4), value % 100 < 60 else { return nil }
        return (value / 100 * 60 + value % 100) * (sign == "-" ? -1 : 1)
    }

    private static func read(_ clock: String, into time: inout CivilTime) -> Bool {
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false).map {
            number(String($0), 2...2)
        }
        guard parts.count == 3, let hour = parts[0], let minute = parts[1], let second = parts[2] else {
            return false
        }
        (time.hour, time.minute, time.second) = (hour, minute, second)
        return true
    }

    private static func month(_ name: String) -> Int? {
        months.firstIndex(of: name).map { $0 + 1 }
    }

    private static func number(_ text: String, _ length: ClosedRange<Int>) -> Int? {
        guard length.contains(text.utf8.count), text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else {
            return nil
        }
        return Int(text)
    }
}
