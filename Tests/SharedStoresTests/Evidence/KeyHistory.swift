import StoreProcesses

/// What all processes did to one key.
///
/// The order of operations that were under way at the same time is unknown. But one that had ended before another
/// began came first, and every conclusion here rests on that alone.
struct KeyHistory {
    let number: Int
    /// The writes that no remembered removal refused.
    private let writes: [LoggedOperation]
    private let refusedVersions: Set<Int>
    private let removals: [LoggedOperation]
    private let lookups: [LoggedOperation]

    init(_ number: Int, _ operations: [LoggedOperation]) {
        let sets = operations.filter { $0.action == .set }
        let removals = operations.filter { $0.action == .remove || $0.action == .removeForLong }
        let remembered = removals.filter { $0.action == .removeForLong }
        let refused = sets.filter { set in remembered.contains { $0.ended < set.began } }
        self.number = number
        self.removals = removals
        refusedVersions = Set(refused.map(\.version))
        writes = sets.filter { [refusedVersions] in !refusedVersions.contains($0.version) }
        lookups = operations.filter { $0.action == .lookUp }
    }

    /// Whether the key was set after it was last removed, so that only eviction can have taken the entry.
    var isCertainlyStored: Bool {
        let lastRemoval = removals.map(\.ended).max() ?? 0
        return writes.contains { lastRemoval < $0.began }
    }

    /// When the entry that may be there at the end was inserted.
    ///
    /// - Parameters:
    ///   - counter: all writes to the store.
    ///   - capacity: how many others have to be inserted before an entry is evicted.
    /// - Returns: the span of time; `nil` if there can't be an entry.
    func place(_ counter: WriteCounter, capacity: Int) -> Place? {
        // A removal left nothing of what was written before it.
        let lastRemovalBegan = removals.map(\.began).max() ?? 0
        var insertions = writes.filter { lastRemovalBegan < $0.ended }
        // Only an insertion evicts, and where there is something to insert nothing is left of what was written before.
        if let last = insertions.filter({ $0.result > 0 }).map(\.began).max() {
            insertions.removeAll { $0.ended < last }
        }
        guard let first = insertions.map(\.began).min() else { return nil }
        // A write overwrites if another came before it and nothing can have taken the entry between the two.
        let lastRemovalEnded = removals.map(\.ended).max() ?? 0
        let candidates = insertions
        insertions.removeAll { write in
            write.result == 0
                && candidates.contains { lastRemovalEnded < $0.began && $0.ended < write.began }
                && counter.count(from: first, to: write.ended) < capacity
        }
        guard let earliest = insertions.map(\.began).min(), let latest = insertions.map(\.ended).max() else {
            return nil
        }
        return Place(earliest: earliest, latest: latest)
    }

    /// The answers about the key that contradict the contract.
    func faults() -> [String] {
        lookups.filter { $0.result >= 0 }.compactMap { lookup in
            guard !refusedVersions.contains(lookup.result) else {
                return "a lookup found what a remembered removal had refused: \(lookup)"
            }
            guard let write = writes.first(where: { $0.version == lookup.result }) else {
                return "a lookup found what no write had stored: \(lookup)"
            }
            guard write.began < lookup.ended else { return "a lookup saw the future: \(lookup), \(write)" }
            let change = (writes + removals).first { write.ended < $0.began && $0.ended < lookup.began }
            return change.map { "a lookup saw the past: \(lookup), \(write), \($0)" }
        }
    }
}
