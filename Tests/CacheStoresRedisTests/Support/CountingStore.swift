import CacheStores
import CacheStoresRedis
import Synchronization

/// A store that counts the lookups.
final class CountingStore: WrappingStore {
    let wrapped: any CacheStore<[UInt8]>
    private let asked = Atomic(0)

    init(_ store: RedisStore) {
        wrapped = store
    }

    var lookups: Int { asked.load(ordering: .relaxed) }

    func entry(for key: CacheKey) async throws -> CacheEntry<[UInt8]>? {
        asked.add(1, ordering: .relaxed)
        return try await wrapped.entry(for: key)
    }

    @discardableResult
    func setEntry(
        _ entry: CacheEntry<[UInt8]>,
        for key: CacheKey,
        asked: Timestamp?,
        before end: Timestamp?
    ) async throws -> Int {
        try await wrapped.setEntry(entry, for: key, asked: asked, before: end)
    }

    @discardableResult
    func removeEntry(for key: CacheKey, holding hold: Duration) async throws -> Bool {
        try await wrapped.removeEntry(for: key, holding: hold)
    }

    func removeAll(holding hold: Duration) async throws { try await wrapped.removeAll(holding: hold) }
    func count() async throws -> Int { try await wrapped.count() }
    func capacity() async throws -> Int { try await wrapped.capacity() }
    func shutdown() async { await wrapped.shutdown() }
}
