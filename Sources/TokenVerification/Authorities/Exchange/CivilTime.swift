import CacheStores

/// A date and a time of day in the Gregorian calendar.
struct CivilTime {
    var year = 1970
    var month = 1
    var day = 1
    var hour = 0
    var minute = 0
    var second = 0
    /// How far the time is ahead of UTC.
    var offsetMinutes = 0

    /// The moment, if there is such a date; a leap second counts as the second after it.
    var timestamp: Timestamp? {
        guard (1...9999).contains(year), (1...12).contains(month),
            (1...Self.days(in: month, of: year)).contains(day),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second),
            (-1439...1439).contains(offsetMinutes)
        else { return nil }
        let minutes = (daysSince1970 * 24 + hour) * 60 + minute - offsetMinutes
        return Timestamp(millisecondsSince1970: Int64(minutes * 60 + second) * 1000)
    }

    /// Counts years from March on, so that the leap day is a year's last.
    private var daysSince1970: Int {
        let shiftedYear = month > 2 ? year : year - 1
        let shiftedMonth = (month + 9) % 12
        let dayOfYear = (153 * shiftedMonth + 2) / 5 + day - 1
        return shiftedYear * 365 + shiftedYear / 4 - shiftedYear / 100 + shiftedYear / 400 + dayOfYear
            - 719_468
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
