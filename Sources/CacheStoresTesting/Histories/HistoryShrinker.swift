/// Makes a failing history short: leaves out chunks, then ever smaller ones, as long as it still fails.
///
/// Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input", 2002.
struct HistoryShrinker {
    let contract: StoreContract
    /// How many performances it may take, since a store on a disk or behind a network is slow.
    var budget = 600

    /// Shortens a history.
    ///
    /// - Parameters:
    ///   - history: a history that fails.
    ///   - mismatch: how it fails.
    /// - Returns: a history that fails too, from which no single step can be left out if the budget sufficed.
    /// - Throws: `CancellationError`, or what the fixture throws.
    func shrink(
        _ history: History,
        _ mismatch: HistoryReplay.Mismatch
    ) async throws -> HistoryReplay.Mismatch {
        // The first line of a transcript is the opening; what follows the mismatch cannot matter.
        var shortest = history
        shortest.operations = Array(history.operations.prefix(max(0, mismatch.transcript.count - 1)))
        var found = mismatch
        var remaining = budget
        var length = max(1, shortest.operations.count / 2)
        while remaining > 0 {
            var hasShrunk = false
            var start = 0
            while start < shortest.operations.count, remaining > 0 {
                var shorter = shortest
                let end = min(start + length, shortest.operations.count)
                shorter.operations.removeSubrange(start..<end)
                var replay = HistoryReplay(shorter, contract)
                remaining -= 1
                if let mismatch = try await replay.perform() {
                    shorter.operations = Array(
                        shorter.operations.prefix(max(0, mismatch.transcript.count - 1))
                    )
                    (shortest, found, hasShrunk) = (shorter, mismatch, true)
                } else {
                    start += length
                }
            }
            if length == 1, !hasShrunk { break }
            length = max(1, length / 2)
        }
        return found
    }
}
