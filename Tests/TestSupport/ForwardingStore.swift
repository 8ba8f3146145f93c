package import CacheStores

/// A store that leaves everything but the quick look-ups to another; a test's store implements what it does otherwise.
package protocol ForwardingStore<Value>: WrappingStore {}

extension ForwardingStore {
    package func entry(for key: CacheKey) async throws -> CacheEntry<Value>? {
        try await wrapped.entry(for: key)
    }

    @discardableResult
    package func setEntry(
        _ entry: CacheEntry<Value>,
        for key: CacheKey,
        asked: Timestamp?,
        before end: Timestamp?
    ) async throws -> Int {
        try await wrapped.setEntry(entry, for: key, asked: asked, before: end)
    }

    @discardableResult
    package func removeEntry(for key: CacheKey, holding hold: Duration) async throws -> Bool {
        try await wrapped.removeEntry(for: key, holding: hold)
    }

    package func removeAll(holding hold: Duration) async throws { try await wrapped.removeAll(holding: hold) }
    package func count() async throws -> Int { try await wrapped.count() }
    package func capacity() async throws -> Int { try await wrapped.capacity() }
    package func shutdown() async { await wrapped.shutdown() }
}
