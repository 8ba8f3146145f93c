import CacheStores

/// The part of rules 7 and 8 that takes several tasks: many short histories, each checked for linearizability.
///
/// For rule 7 three kinds of history take turns: with room for everything; with `removeAll` among the calls; and
/// with more keys than room, where an entry may vanish at any moment but never comes back and is never torn.
/// For rule 8 removals are remembered. Each history has keys of its own in a store that serves them all.
struct ConcurrentRun {
    private static let keyCount = 3

    private let contract: StoreContract
    private let rule: StoreContract.Rule
    private let historyCount: Int
    private let clock = ManualClock()

    /// Makes the run.
    ///
    /// - Parameters:
    ///   - contract: the contract that is checked.
    ///   - rule: rule 7, or rule 8 with fewer histories.
    init(_ contract: StoreContract, for rule: StoreContract.Rule) {
        self.contract = contract
        self.rule = rule
        historyCount = max(0, contract.effort.concurrentHistories) / (rule == .rememberedRemovals ? 4 : 1)
    }

    func verify() async throws {
        try await contract.withHandles(room: Self.keyCount * max(1, historyCount), clock: clock) { roomy in
            try await contract.withHandles(room: 2, clock: clock) { cramped in
                try await verify(roomy: roomy, cramped: cramped)
            }
        }
    }

    private func verify(
        roomy: [any CacheStore<[UInt8]>],
        cramped: [any CacheStore<[UInt8]>]
    ) async throws {
        let seed = contract.startingSeed
        var scripts = ConcurrentScripts(tasks: contract.effort.tasksPerHistory)
        let keys = contract.keys(Self.keyCount * historyCount, salt: 7)
        for number in 0..<historyCount {
            try Task.checkCancellation()
            let isCramped = number % 4 == 3
            let script = scripts.scripts(
                keyCount: Self.keyCount,
                kind: rule == .rememberedRemovals ? .holding : number % 4 == 1 ? .sweeping : .plain,
                seed: seed &+ UInt64(number)
            )
            let history = ConcurrentHistory(
                script,
                on: Array(keys[(Self.keyCount * number)..<(Self.keyCount * (number + 1))]),
                through: isCramped ? cramped : roomy,
                now: clock.now
            )
            try check(try await history.perform(), mayEvict: isCramped, seed &+ UInt64(number))
        }
    }

    private func check(_ calls: [ConcurrentCall], mayEvict: Bool, _ seed: UInt64) throws {
        for key in 0..<Self.keyCount {
            let concerned = calls.filter { $0.key == key || $0.action == .removeAll }
                .sorted { $0.invoked < $1.invoked }
            let fault = concerned.compactMap { self.fault(in: $0) }.first
            if fault == nil, Linearizability(of: concerned, mayEvict: mayEvict).holds() { continue }
            throw ContractViolation(
                rule: rule,
                wanted: "Each call takes effect at one moment between its beginning and its end, "
                    + "and a lookup sees a whole entry or none.",
                seen: fault ?? "no order of the calls on key \(key) explains their results"
                    + (mayEvict ? ", not even with evictions" : ""),
                history: concerned.map(\.description) + ["(tasks interleave anew in each run)"],
                seed: seed
            )
        }
    }

    private func fault(in call: ConcurrentCall) -> String? {
        switch call.result {
        case .torn: "a lookup of key \(call.key) saw a value that no single write stored"
        case .failed(let error): "a call threw \(error)"
        default: nil
        }
    }
}
