import CacheStores

extension ScenarioStore {
    /// An operation, and the reading of the clock that holds it back.
    typealias HeldBack = (operation: DelayedOperation<Void>, reading: HeldReading)

    /// Begins something through the next handle.
    func operation<Success: Sendable>(
        _ work: @escaping @Sendable (any CacheStore<[UInt8]>) async throws -> Success
    ) -> DelayedOperation<Success> {
        let store = next
        return DelayedOperation { try await work(store) }
    }

    /// Begins to set an entry, and holds the clock's reading back from the store.
    func setHeldBack(_ key: NamedKey, before end: Timestamp? = nil) async throws -> HeldBack {
        let entry = scenario.newEntry(lasting: 1_000_000)
        note("begin to set \(key.name)\(end.map { ", before \($0)" } ?? ""), and stop when the clock is read")
        return try await heldBack { try await $0.setEntry(entry, for: key.key, asked: nil, before: end) }
    }

    /// Begins to remove an entry, or all if there is no key, and holds the clock's reading back from the store.
    func removeHeldBack(_ key: NamedKey?, holding milliseconds: Int) async throws -> HeldBack {
        let hold = Duration.milliseconds(milliseconds)
        note("begin to remove \(key?.name ?? "all"), holding \(hold), and stop when the clock is read")
        return try await heldBack { store in
            guard let key else { return try await store.removeAll(holding: hold) }
            try await store.removeEntry(for: key.key, holding: hold)
        }
    }

    private func heldBack(
        _ work: @escaping @Sendable (any CacheStore<[UInt8]>) async throws -> Void
    ) async throws -> HeldBack {
        let reading = scenario.clock.holdNextReading()
        let operation = operation(work)
        _ = try await waits(.seconds(5)) { reading.isTaken || operation.hasEnded }
        // If the store did not read the clock, the next reader must not be held back.
        if !reading.isTaken { reading.release() }
        return (operation, reading)
    }
}

/// Waits until something is the case, and returns whether it came to be so in time.
func waits(_ limit: Duration, for condition: () -> Bool) async throws -> Bool {
    let end = ContinuousClock.now.advanced(by: limit)
    while !condition() {
        guard ContinuousClock.now < end else { return false }
        try await Task.sleep(for: .milliseconds(1))
    }
    return true
}
