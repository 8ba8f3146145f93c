/// The remembered removals, each with its moment and its end: rule 8 of ``CacheStore``.
struct Holds {
    private struct Hold {
        var moment: Timestamp
        var end: Timestamp

        /// Whether a write has no effect: it answers a question that is not known to be later than the removal.
        func forbids(_ asked: Timestamp?, at now: Timestamp) -> Bool {
            guard now < end else { return false }
            guard let asked else { return true }
            return asked <= moment.advanced(byMilliseconds: Holds.margin)
        }

        /// Several removals are one: the latest moment, until the latest end, also if the clock was set back.
        func merged(with other: Hold?) -> Hold {
            guard let other else { return self }
            return Hold(moment: max(moment, other.moment), end: max(end, other.end))
        }
    }

    private static let margin = ContractFigures.removalMargin.wholeMilliseconds

    private var holds: [CacheKey: Hold] = [:]
    private var everyKey: Hold?
    private var sweepSize = 64

    /// Whether a write for a key has no effect.
    func forbid(_ key: CacheKey, asked: Timestamp?, at now: Timestamp) -> Bool {
        if let everyKey, everyKey.forbids(asked, at: now) { return true }
        if holds.isEmpty { return false }
        return holds[key]?.forbids(asked, at: now) ?? false
    }

    /// Remembers the removal of a key.
    mutating func hold(_ key: CacheKey, for duration: Duration, from now: Timestamp) {
        guard duration > .zero else { return }
        // Sweeping whenever the number has doubled costs each hold a constant share.
        if holds.count >= sweepSize {
            holds = holds.filter { now < $0.value.end }
            sweepSize = max(64, holds.count * 2)
        }
        holds[key] = Hold(moment: now, end: now.end(of: duration)).merged(with: holds[key])
    }

    /// Remembers a removal of everything.
    mutating func holdEveryKey(for duration: Duration, from now: Timestamp) {
        guard duration > .zero else { return }
        everyKey = Hold(moment: now, end: now.end(of: duration)).merged(with: everyKey)
    }
}
