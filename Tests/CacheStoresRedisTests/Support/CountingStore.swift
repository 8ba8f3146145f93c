import CacheStores
import CacheStoresRedis
import Synchronization
import TokenVerificationTestSupport

/// A store that counts the lookups.
final class CountingStore: ForwardingStore {
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
}
