/// The remembered removals, each with its moment and its end: rule 8 of ``CacheStore``.
struct RememberedRemovals {
    private struct Removal {
        var moment: Timestamp
        var end: Timestamp

        /// Whether a write has no effect: it answers a question that is not known to be later than the removal.
        func forbids(_ asked: Timestamp?, at now: Timestamp) -> Bool {
            guard now < end else { return false }
            guard let asked else { return true }
            return asked <= moment.advanced(byMilliseconds: RememberedRemovals.margin)
        }

        /// Several removals are one: the latest moment, until the latest end, also if the clock was set back.
        func merged(with other: Removal?) -> Removal {
            guard let other else { return self }
            return Removal(moment: max(moment, other.moment), end: max(end, other.end))
        }
    }

    private static let margin = ContractFigures.removalMargin.millisecondsTowardZero

    private var removals: [CacheKey: Removal] = [:]
    private var everyKey: Removal?
    private var sweepSize = 64

    /// Whether a write for a key has no effect.
    func forbidWrite(of key: CacheKey, asked: Timestamp?, at now: Timestamp) -> Bool {
        if let everyKey, everyKey.forbids(asked, at: now) { return true }
        if removals.isEmpty { return false }
        return removals[key]?.forbids(asked, at: now) ?? false
    }

    /// Remembers the removal of a key.
    mutating func remember(_ key: CacheKey, for duration: Duration, from now: Timestamp) {
        guard duration > .zero else { return }
        // Sweeping whenever the number has doubled costs each removal a constant share.
        if removals.count >= sweepSize {
            removals = removals.filter { now < $0.value.end }
            sweepSize = max(64, removals.count * 2)
        }
        removals[key] = Removal(moment: now, end: now.end(of: duration)).merged(with: removals[key])
    }

    /// Remembers a removal of everything.
    mutating func rememberEveryKey(for duration: Duration, from now: Timestamp) {
        guard duration > .zero else { return }
        everyKey = Removal(moment: now, end: now.end(of: duration)).merged(with: everyKey)
    }
}
