#if Redis
public import CacheStores

extension RedisStore: InvalidatingStore {
    /// The changes that any process makes to the store (Redis 6 or newer).
    ///
    /// The first iteration opens a connection of its own to each master, which all iterations share.
    public var invalidations: any AsyncSequence<Invalidation, Never> & Sendable {
        RedisInvalidations(notices: notices)
    }
}

extension RedisStore: LeasingStore {
    public func acquireLease(
        for key: CacheKey,
        as holder: LeaseHolder,
        lasting duration: Duration
    ) async throws -> Bool {
        try await shard(of: key).acquireLease(for: key, as: holder, lasting: duration)
    }

    public func releaseLease(for key: CacheKey, as holder: LeaseHolder) async throws {
        try await shard(of: key).releaseLease(for: key, as: holder)
    }
}

extension RedisStore: MarkingStore {
    public func setMark(_ moment: Timestamp, for key: CacheKey, until end: Timestamp) async throws {
        try await shard(of: key).setMark(moment, for: key, until: end)
    }

    public var reportsMarks: Bool { true }

    /// Reads all marks at once, in one round trip to each server.
    public func marks(for keys: [CacheKey]) async throws -> [Timestamp?] {
        try await withThrowingTaskGroup(of: (Int, Timestamp?).self) { group in
            for (index, key) in keys.enumerated() {
                group.addTask { (index, try await self.shard(of: key).mark(for: key)) }
            }
            return try await group.reduce(into: Array(repeating: nil, count: keys.count)) { $0[$1.0] = $1.1 }
        }
    }
}
#endif
