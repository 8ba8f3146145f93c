/// The differential run: many random histories, each on a fresh store.
struct RandomHistories {
    private let contract: StoreContract
    private let seed: UInt64

    init(_ contract: StoreContract, seed: UInt64) {
        self.contract = contract
        self.seed = seed
    }

    func verify() async throws {
        for number in 0..<UInt64(max(0, contract.effort.histories)) {
            try Task.checkCancellation()
            // Neighbouring seeds, so that the seed of a failed history makes it the first one of another run.
            let seed = seed &+ number
            var generator = HistoryGenerator(seed: seed, isShared: contract.fixture.isShared)
            let history = generator.history(length: contract.effort.operationsPerHistory)
            var replay = HistoryReplay(history, contract)
            guard let mismatch = try await replay.perform() else { continue }
            var shrinker = HistoryShrinker(history, mismatch, contract)
            let shortest = try await shrinker.shrink()
            throw ContractViolation(
                rule: nil,
                wanted: shortest.wanted,
                seen: shortest.seen,
                history: shortest.transcript,
                seed: seed
            )
        }
    }
}
