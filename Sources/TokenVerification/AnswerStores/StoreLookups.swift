import CacheStores
import CacheStoresWaiting

/// The look-ups in a store, each in the quickest way that the store offers.
struct StoreLookups<Value: Sendable>: Sendable {
    let store: any CacheStore<Value>
    private let immediate: (any ImmediateStore<Value>)?
    private let punctual: (any PunctualStore<Value>)?

    init(_ store: any CacheStore<Value>) {
        self.store = store
        immediate = store as? any ImmediateStore<Value>
        punctual = store as? any PunctualStore<Value>
    }

    /// The live entry for a key, if the store finds out without waiting.
    func immediateEntry(for key: CacheKey) throws -> Lookup<CacheEntry<Value>> {
        guard let answer = try immediate?.immediateEntry(for: key) else { return .mustWait }
        return answer.map(Lookup.found) ?? .absent
    }

    /// The live entry for a key, or `nil`.
    func entry(for key: CacheKey, within limit: Duration) async throws -> CacheEntry<Value>? {
        if let punctual { return try await punctual.entry(for: key, within: limit) }
        return try await withDeadline(limit) { [store] in try await store.entry(for: key) }
    }
}

/// The result of a look-up that does not wait.
enum Lookup<Found> {
    case found(Found)
    case absent
    /// Only a look-up that waits can tell.
    case mustWait
}
