/// The marks: for each key the moment and the end.
package struct Marks: Sendable {
    private var marks: [CacheKey: (moment: Timestamp, end: Int64)] = [:]
    private var sweepSize = 64

    package init() {}

    package func mark(for key: CacheKey, at now: Int64) -> Timestamp? {
        marks[key].flatMap { now < $0.end ? $0.moment : nil }
    }

    package mutating func set(_ moment: Timestamp, for key: CacheKey, until end: Int64, now: Int64) {
        guard now < end else { return }
        if marks.count >= sweepSize {
            marks = marks.filter { now < $0.value.end }
            sweepSize = max(64, marks.count * 2)
        }
        if let mark = marks[key], now < mark.end {
            marks[key] = (max(moment, mark.moment), max(end, mark.end))
        } else {
            marks[key] = (moment, end)
        }
    }

    /// Removes a mark that was not moved since it was set.
    package mutating func remove(_ moment: Timestamp, for key: CacheKey) {
        if marks[key]?.moment == moment { marks[key] = nil }
    }
}
