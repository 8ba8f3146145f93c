import CacheStores

/// The keys of tokens that were accepted before, so that they are served first when there are too many questions.
///
/// Only accepted tokens enter, so a flood of others displaces nothing. The number is bounded.
struct AcceptedKeys: Sendable {
    private struct Acceptance: Sendable {}

    private let keys: MemoryStore<Acceptance>

    init(capacity: Int) throws(StoreError) {
        keys = try MemoryStore(capacity: capacity)
    }

    func contains(_ key: CacheKey) -> Bool {
        (try? keys.entry(for: key, at: .distantPast)) != nil
    }

    func insert(_ key: CacheKey) {
        guard !contains(key) else { return }
        _ = try? keys.setEntry(CacheEntry(Acceptance(), expiry: .distantFuture), for: key, at: .distantPast)
    }

    func remove(_ key: CacheKey) {
        _ = try? keys.removeEntry(for: key, holding: .zero, at: .distantPast)
    }
}
