import CacheStores

/// A store whose notices of change a test gives.
final class NoticingStore: WrappingStore, InvalidatingStore {
    let wrapped: any CacheStore<[UInt8]>
    let notices: AsyncStream<Invalidation>.Continuation

    private let stream: AsyncStream<Invalidation>

    init(_ store: any CacheStore<[UInt8]>) {
        wrapped = store
        (stream, notices) = AsyncStream.makeStream()
    }

    var invalidations: any AsyncSequence<Invalidation, Never> & Sendable { stream }

    func entry(for key: CacheKey) async throws -> CacheEntry<[UInt8]>? { try await wrapped.entry(for: key) }

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
