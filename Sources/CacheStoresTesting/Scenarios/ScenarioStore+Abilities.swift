import CacheStores

extension ScenarioStore {
    /// Asks for a lease, and compares the answer with what is said.
    func lease(
        _ key: NamedKey,
        as holder: NamedHolder,
        lasting duration: Duration,
        expecting isGranted: Bool
    ) async throws {
        let store = try able((any LeasingStore).self, "LeasingStore")
        let granted = try await store.acquireLease(for: key.key, as: holder.holder, lasting: duration)
        note("lease \(key.name) to \(holder.name), lasting \(duration): \(granted)")
        guard granted == isGranted else {
            throw scenario.violation(
                "leasing \(key.name) to \(holder.name) returned \(granted) rather than \(isGranted)"
            )
        }
    }

    func lease(
        _ key: NamedKey,
        as holder: NamedHolder,
        lasting milliseconds: Int = 1_000,
        expecting isGranted: Bool
    ) async throws {
        try await lease(key, as: holder, lasting: .milliseconds(milliseconds), expecting: isGranted)
    }

    func release(_ key: NamedKey, as holder: NamedHolder) async throws {
        let store = try able((any LeasingStore).self, "LeasingStore")
        try await store.releaseLease(for: key.key, as: holder.holder)
        note("\(holder.name) releases \(key.name)")
    }

    /// Marks a key with a moment and until a moment, both in milliseconds from now.
    func mark(_ key: NamedKey, _ moment: Int, lasting milliseconds: Int) async throws {
        let store = try able((any MarkingStore).self, "MarkingStore")
        let now = self.now
        try await store.setMark(
            now.advanced(by: .milliseconds(moment)),
            for: key.key,
            until: now.advanced(by: .milliseconds(milliseconds))
        )
        note("mark \(key.name) with now + \(moment) ms, lasting \(milliseconds) ms")
    }

    /// Expects keys to have marks, in milliseconds from now; `nil` for none.
    func expectMarks(_ keys: [NamedKey], _ expected: [Int?]) async throws {
        let store = try able((any MarkingStore).self, "MarkingStore")
        let now = self.now
        let found = try await store.marks(for: keys.map(\.key)).map { $0.map { now.duration(to: $0) } }
        note("look up the marks on \(keys.map(\.name)): \(found)")
        guard found == expected.map({ $0.map { .milliseconds($0) } }) else {
            throw scenario.violation(
                "the marks on \(keys.map(\.name)) were \(found) from now rather than \(expected)"
            )
        }
    }

    /// Shuts every handle down.
    func close() async {
        for handle in handles { await handle.shutdown() }
        note("shut down")
    }

    /// Shuts every handle down, and expects some operations to say so.
    func expectShutDown(
        _ operations: [@Sendable (any CacheStore<[UInt8]>) async throws -> Void]
    ) async throws {
        for _ in 0..<2 { await next.shutdown() }
        note("shut down")
        for (number, operation) in operations.enumerated() {
            do {
                try await operation(next)
            } catch let error as StoreError where error.code == .shutDown {
                continue
            } catch {
                throw scenario.violation("operation \(number + 1) of the ability threw \(error)")
            }
            throw scenario.violation("operation \(number + 1) of the ability threw nothing")
        }
    }

    private func able<Ability>(_ ability: Ability.Type, _ name: String) throws -> Ability {
        guard let able = next.ability(ability) else {
            throw scenario.violation("the store does not conform to \(name)")
        }
        return able
    }
}
