import CacheStores

/// The part of rule 2 that takes several tasks: no count ever exceeds the capacity.
struct BoundRun {
    private static let room = 3
    private static let keyCount = 8

    private let contract: StoreContract
    private let clock = ManualClock()

    init(_ contract: StoreContract) {
        self.contract = contract
    }

    func verify() async throws {
        // This permission excuses any count for a while, so there is nothing to check.
        if contract.permissions.contains(.boundExceededAfterEvictionByServer) { return }
        try await contract.withHandles(room: Self.room, clock: clock) { try await verify(through: $0) }
    }

    private func verify(through handles: [any CacheStore<[UInt8]>]) async throws {
        let seed = contract.startingSeed
        let keys = contract.keys(Self.keyCount)
        var number: UInt64 = 0
        for round in 0..<UInt64(max(0, contract.effort.concurrentHistories / 4)) {
            try Task.checkCancellation()
            var random = SplitMix64(seed: seed &+ round)
            let scripts = (0..<min(max(contract.effort.tasksPerHistory, 2), 10)).map { task in
                (0..<ConcurrentScripts.length).map { step in
                    number += 1
                    let key = Int.random(in: 0..<Self.keyCount, using: &random)
                    let removes = Int.random(in: 0..<6, using: &random) == 0
                    let action: ConcurrentCall.Action =
                        step % 2 == 1 ? .count : removes ? .remove(holding: false) : .set(number: number)
                    return ConcurrentCall(task: task, key: key, action: action)
                }
            }
            let history = ConcurrentHistory(scripts, on: keys, through: handles, now: clock.now)
            let calls = try await history.perform()
            let count = try await handles[0].count()
            try check(calls, finally: count, seed &+ round)
        }
    }

    private func check(_ calls: [ConcurrentCall], finally last: Int, _ seed: UInt64) throws {
        var seen = last > Self.room ? "\(last) live entries when all tasks had ended" : nil
        for call in calls {
            switch call.result {
            case .number(let count) where count > Self.room: seen = "\(count) live entries, at \(call)"
            case .failed(let error): seen = "a call threw \(error)"
            default: break
            }
        }
        guard let seen else { return }
        throw ContractViolation(
            rule: .exactBound,
            wanted: "At a capacity of \(Self.room), several tasks never leave more live entries than that.",
            seen: seen,
            history: calls.sorted { $0.invoked < $1.invoked }.map(\.description)
                + ["(tasks interleave anew in each run)"],
            seed: seed
        )
    }
}
