import CacheStoresWaiting

extension CacheStore {
    /// Says that only a look-up that waits can tell.
    public func immediateEntry(for key: CacheKey) throws -> Lookup<CacheEntry<Value>> {
        .mustWait
    }

    /// Looks the entry up in the ordinary way, cancels that at the limit and leaves it to itself.
    public func entry(for key: CacheKey, within limit: Duration) async throws -> CacheEntry<Value>? {
        do {
            return try await withDeadline(limit) { try await entry(for: key) }
        } catch is DeadlineExceeded {
            throw StoreError(code: .timedOut, message: "the store did not answer within \(limit)")
        }
    }
}
