/// One or several removals that are remembered as one: the latest moment, and the latest end.
package struct RememberedRemoval {
    /// No removal is remembered.
    package static let none = RememberedRemoval(moment: .distantPast, end: .distantPast)

    private static let margin = ContractFigures.removalMargin.millisecondsTowardZero

    package private(set) var moment: Timestamp
    package private(set) var end: Timestamp

    package init(moment: Timestamp, end: Timestamp) {
        self.moment = moment
        self.end = end
    }

    /// Whether a write has no effect: it answers a question that is not known to be later than the removal.
    ///
    /// - Parameters:
    ///   - asked: when the answer's question began; `nil` for what answers no question.
    ///   - now: the moment of the write.
    /// - Returns: whether the write has no effect.
    package func forbids(asked: Timestamp?, at now: Timestamp) -> Bool {
        guard now < end else { return false }
        guard let asked else { return true }
        return asked <= moment.advanced(byMilliseconds: Self.margin)
    }

    /// Adds another removal, also one of an earlier moment if the clock was set back.
    package mutating func add(_ other: RememberedRemoval) {
        moment = max(moment, other.moment)
        end = max(end, other.end)
    }
}
