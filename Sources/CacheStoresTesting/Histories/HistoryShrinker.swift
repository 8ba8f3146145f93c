/// Makes a failing history short: leaves out chunks, then ever smaller ones, as long as it still fails.
///
/// Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input", 2002.
struct HistoryShrinker {
    private let contract: StoreContract
    private var shortest: History
    private var mismatch: HistoryReplay.Mismatch
    /// How many performances it may still take, since a store on a disk or behind a network is slow.
    private var budget = 600

    /// Makes a shrinker.
    ///
    /// - Parameters:
    ///   - history: a history that fails.
    ///   - mismatch: how it fails.
    ///   - contract: the contract that it fails.
    init(_ history: History, _ mismatch: HistoryReplay.Mismatch, _ contract: StoreContract) {
        self.contract = contract
        self.mismatch = mismatch
        shortest = history
        cutAfterMismatch()
    }

    /// Shortens the history.
    ///
    /// - Returns: how a short history fails; no single step of it can be left out, if the budget sufficed.
    /// - Throws: `CancellationError`, or what the fixture throws.
    mutating func shrink() async throws -> HistoryReplay.Mismatch {
        var length = max(1, shortest.operations.count / 2)
        while budget > 0 {
            let hasShrunk = try await leaveOut(chunksOf: length)
            if length == 1, !hasShrunk, try await !lowerCapacities() { break }
            length = max(1, length / 2)
        }
        return mismatch
    }

    /// Leaves out every chunk of a length that can be missed, and returns whether there was any.
    private mutating func leaveOut(chunksOf length: Int) async throws -> Bool {
        var hasShrunk = false
        var start = 0
        while start < shortest.operations.count {
            var shorter = shortest
            shorter.operations.removeSubrange(start..<min(start + length, shorter.operations.count))
            if try await stillFails(shorter) { hasShrunk = true } else { start += length }
        }
        return hasShrunk
    }

    /// Lowers every capacity that can be lower, since a smaller store needs fewer entries to be full.
    private mutating func lowerCapacities() async throws -> Bool {
        var hasShrunk = false
        for capacity in 1..<max(1, shortest.capacity) where !hasShrunk {
            var smaller = shortest
            smaller.capacity = capacity
            hasShrunk = try await stillFails(smaller)
        }
        // One place less and one entry less: neither alone need keep the store as full as it was.
        var start = 0
        while start < shortest.operations.count, shortest.capacity > 1 {
            var smaller = shortest
            smaller.capacity -= 1
            smaller.operations.remove(at: start)
            if try await stillFails(smaller) { hasShrunk = true } else { start += 1 }
        }
        for index in shortest.operations.indices {
            guard index < shortest.operations.count else { break }
            let operation = shortest.operations[index]
            guard case .reopen(let current) = operation.step, let current else { continue }
            for capacity in 1..<max(1, current) {
                var smaller = shortest
                let step = HistoryStep.reopen(capacity: capacity)
                smaller.operations[index] = HistoryOperation(handle: operation.handle, step: step)
                guard try await stillFails(smaller) else { continue }
                hasShrunk = true
                break
            }
        }
        return hasShrunk
    }

    /// Performs a history, and keeps it if it fails.
    private mutating func stillFails(_ history: History) async throws -> Bool {
        guard budget > 0 else { return false }
        budget -= 1
        var replay = HistoryReplay(history, contract)
        guard let mismatch = try await replay.perform() else { return false }
        self.mismatch = mismatch
        shortest = history
        cutAfterMismatch()
        return true
    }

    /// Drops what comes after the mismatch; the first line of a transcript is the opening.
    private mutating func cutAfterMismatch() {
        shortest.operations = Array(shortest.operations.prefix(max(0, mismatch.transcript.count - 1)))
    }
}
