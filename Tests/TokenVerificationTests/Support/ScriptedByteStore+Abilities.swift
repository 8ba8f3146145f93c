import CacheStores

extension ScriptedByteStore: LeasingStore {
    func acquireLease(
        for key: CacheKey,
        as holder: LeaseHolder,
        lasting duration: Duration
    ) async throws -> Bool {
        try await begin(.lease)
        return try await able((any LeasingStore).self).acquireLease(for: key, as: holder, lasting: duration)
    }

    func releaseLease(for key: CacheKey, as holder: LeaseHolder) async throws {
        try await begin(.release)
        try await able((any LeasingStore).self).releaseLease(for: key, as: holder)
    }
}

extension ScriptedByteStore: MarkingStore {
    func setMark(_ moment: Timestamp, for key: CacheKey, until end: Timestamp) async throws {
        try await begin(.mark)
        noteMark(key, until: end)
        try await able((any MarkingStore).self).setMark(moment, for: key, until: end)
    }

    func marks(for keys: [CacheKey]) async throws -> [Timestamp?] {
        try await begin(.readMarks)
        let marks = try await able((any MarkingStore).self).marks(for: keys)
        try await begin(.marksRead)
        return marks
    }

    private func able<Ability>(_ ability: Ability.Type) throws -> Ability {
        guard let found = wrapped.ability(ability) else {
            throw StoreError(code: .invalidConfiguration, message: "the wrapped store is not able to do that")
        }
        return found
    }
}
