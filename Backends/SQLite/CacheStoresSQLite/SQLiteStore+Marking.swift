public import CacheStores

extension SQLiteStore: MarkingStore {
    public func setMark(_ moment: Timestamp, for key: CacheKey, until end: Timestamp) async throws {
        _ = try await write(.mark(key, moment, until: end))
    }

    public func marks(for keys: [CacheKey]) async throws -> [Timestamp?] {
        try await ask { [clock] (reader) throws(SQLiteFailure) in try reader.marks(for: keys, at: clock.now) }
    }
}
