import CacheStores

/// A store of two shards, each of which keeps bound and order for itself.
struct ShardedStore: CacheStore {
    let shards: [ReferenceStore]

    static func shard(of key: CacheKey) -> Int {
        key.withUnsafeBytes { Int($0[0]) % 2 }
    }

    func entry(for key: CacheKey) async throws -> CacheEntry<[UInt8]>? {
        try await shards[Self.shard(of: key)].entry(for: key)
    }

    @discardableResult
    func setEntry(
        _ entry: CacheEntry<[UInt8]>,
        for key: CacheKey,
        asked: Timestamp?,
        before end: Timestamp?
    ) async throws -> Int {
        try await shards[Self.shard(of: key)].setEntry(entry, for: key, asked: asked, before: end)
    }

    var now: Timestamp? { shards[0].now }

    @discardableResult
    func removeEntry(for key: CacheKey, holding hold: Duration) async throws -> Bool {
        try await shards[Self.shard(of: key)].removeEntry(for: key, holding: hold)
    }

    func removeAll(holding hold: Duration) async throws {
        for shard in shards { try await shard.removeAll(holding: hold) }
    }

    func count() async throws -> Int {
        var count = 0
        for shard in shards { count += try await shard.count() }
        return count
    }

    func capacity() async throws -> Int {
        var capacity = 0
        for shard in shards { capacity += try await shard.capacity() }
        return capacity
    }

    func shutdown() async {
        for shard in shards { await shard.shutdown() }
    }
}
