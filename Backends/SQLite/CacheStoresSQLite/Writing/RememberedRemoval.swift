import CacheStores

/// One or several removals that are remembered as one: the latest moment, and the latest end.
struct RememberedRemoval {
    /// No removal is remembered.
    static let none = RememberedRemoval(moment: .distantPast, end: .distantPast)

    var moment: Timestamp
    var end: Timestamp

    /// Whether a write has no effect.
    ///
    /// - Parameters:
    ///   - asked: when the answer's question began; `nil` for what answers no question.
    ///   - now: the moment of the write.
    /// - Returns: whether the write has no effect.
    func forbids(asked: Timestamp?, at now: Timestamp) -> Bool {
        guard now < end else { return false }
        guard let asked else { return true }
        return asked <= moment.advanced(by: ContractFigures.removalMargin)
    }

    /// Adds a later removal.
    mutating func add(_ other: RememberedRemoval) {
        moment = max(moment, other.moment)
        end = max(end, other.end)
    }
}
