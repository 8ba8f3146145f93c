public import CacheStores

extension SQLiteStore: LeasingStore {
    public func acquireLease(
        for key: CacheKey,
        as holder: LeaseHolder,
        lasting duration: Duration
    ) async throws -> Bool {
        try await write(.acquire(key, holder, lasting: duration)) > 0
    }

    public func releaseLease(for key: CacheKey, as holder: LeaseHolder) async throws {
        _ = try await write(.release(key, holder))
    }
}
