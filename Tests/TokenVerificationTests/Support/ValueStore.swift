import CacheStores
import TokenVerification

/// A store of values that is not known to be in memory.
struct ValueStore: WrappingStore {
    let wrapped: any CacheStore<VerifiedToken>

    func entry(for key: CacheKey) async throws -> CacheEntry<VerifiedToken>? {
        try await wrapped.entry(for: key)
    }

    @discardableResult
    func setEntry(
        _ entry: CacheEntry<VerifiedToken>,
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
