import CacheStores

/// The same random histories on several stores side by side, which have to answer alike at every step.
///
/// ``StoreContract`` compares one store with the reference model and lets it do whatever the contract allows. Here
/// nothing is left to a store: the histories are such that one answer alone is right, whatever store is asked.
package struct StoreComparison: Sendable {
    private let names: [String]
    private let contracts: [StoreContract]
    private let effort: StoreContract.Effort

    /// Makes a comparison.
    ///
    /// - Parameters:
    ///   - fixtures: how each store is opened, by the name that a violation gives it.
    ///   - effort: how many histories there are, how long they are, and where chance starts.
    package init(
        of fixtures: KeyValuePairs<String, any StoreFixture>,
        effort: StoreContract.Effort = StoreContract.Effort()
    ) {
        var contracts: [StoreContract] = []
        for (_, fixture) in fixtures { contracts.append(StoreContract(of: fixture, effort: effort)) }
        self.contracts = contracts
        self.effort = effort
        names = fixtures.map(\.key)
    }

    /// Performs all histories.
    ///
    /// - Returns: how many answers were compared.
    /// - Throws: ``ContractViolation`` with the answers of all stores to the step at which they first differ, or
    ///   `CancellationError`.
    @discardableResult
    package func verify() async throws -> Int {
        guard let first = contracts.first else { return 0 }
        let seed = first.startingSeed
        var count = 0
        for number in 0..<UInt64(max(0, effort.histories)) {
            try Task.checkCancellation()
            var stages = contracts.map { HistoryStage($0, keyCount: DeterminedHistory.keyCount) }
            var generator = HistoryGenerator(seed: seed &+ number, isShared: true)
            let history = DeterminedHistory(
                generator.history(length: effort.operationsPerHistory),
                isShared: contracts.allSatisfy(\.fixture.isShared),
                start: stages[0].now
            )
            do {
                count += try await perform(history, on: &stages, seed &+ number)
            } catch {
                for stage in stages { try? await stage.close() }
                throw error
            }
            for stage in stages { try await stage.close() }
        }
        return count
    }

    private func perform(
        _ history: DeterminedHistory,
        on stages: inout [HistoryStage],
        _ seed: UInt64
    ) async throws -> Int {
        var transcript = ["open with capacity \(history.capacity)"]
        for index in stages.indices { try await stages[index].open(capacity: history.capacity) }
        var count = 0
        for step in history.steps {
            var answers: [Result<HistoryResponse, any Error>] = []
            for index in stages.indices {
                do {
                    answers.append(.success(try await stages[index].take(step.operation)))
                } catch let error as CancellationError {
                    throw error
                } catch {
                    answers.append(.failure(error))
                }
            }
            transcript.append("\(step.operation)")
            let isAlike = answers.allSatisfy { answer in
                guard case .success(let response) = answer else { return false }
                return response == step.answer ?? response
            }
            guard isAlike else { throw violation(step.answer, answers, transcript, seed) }
            guard let answer = step.answer else { continue }
            transcript[transcript.count - 1] += ": \(answer)"
            count += 1
        }
        return count
    }

    private func violation(
        _ wanted: HistoryResponse?,
        _ answers: [Result<HistoryResponse, any Error>],
        _ transcript: [String],
        _ seed: UInt64
    ) -> ContractViolation {
        let seen = zip(names, answers).map { name, answer in
            switch answer {
            case .success(let response): "\(name): \(response)"
            case .failure(let error): "\(name): threw \(error)"
            }
        }
        return ContractViolation(
            rule: nil,
            wanted: "in step \(transcript.count), from every store: \(wanted.map { "\($0)" } ?? "no error")",
            seen: seen.joined(separator: " | "),
            history: transcript,
            seed: seed
        )
    }
}
