/// The remembered removals, each with its moment and its end: rule 8 of ``CacheStore``.
struct RememberedRemovals {
    private var removals: [CacheKey: RememberedRemoval] = [:]
    private var everyKey = RememberedRemoval.none
    private var sweepSize = 64

    /// Whether a write for a key has no effect.
    func forbidWrite(of key: CacheKey, asked: Timestamp?, at now: Timestamp) -> Bool {
        if everyKey.forbids(asked: asked, at: now) { return true }
        if removals.isEmpty { return false }
        return removals[key]?.forbids(asked: asked, at: now) ?? false
    }

    /// Remembers the removal of a key.
    mutating func remember(_ key: CacheKey, for duration: Duration, from now: Timestamp) {
        guard duration > .zero else { return }
        // Sweeping whenever the number has doubled costs each removal a constant share.
        if removals.count >= sweepSize {
            removals = removals.filter { now < $0.value.end }
            sweepSize = max(64, removals.count * 2)
        }
        removals[key, default: .none].add(RememberedRemoval(moment: now, end: now.end(of: duration)))
    }

    /// Remembers a removal of everything.
    mutating func rememberEveryKey(for duration: Duration, from now: Timestamp) {
        guard duration > .zero else { return }
        everyKey.add(RememberedRemoval(moment: now, end: now.end(of: duration)))
    }
}
