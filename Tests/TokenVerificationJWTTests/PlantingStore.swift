import CacheStores
import CacheStoresTesting
import Synchronization

/// A store that a test writes to behind the back of its users; it has no leases.
final class PlantingStore: CacheStore {
    typealias Entry = CacheEntry<[UInt8]>

    private struct State {
        var written: [Entry] = []
        var isFailing = false
        var planting: @Sendable (Entry) -> Entry? = { $0 }
    }

    private let store: MemoryStore<[UInt8]>
    private let state = Mutex(State())

    init(clock: ManualClock) throws {
        store = try MemoryStore(clock: WallClock(clock))
    }

    /// What was written, the oldest first.
    var written: [Entry] { state.withLock { $0.written } }

    func fail(_ isFailing: Bool) { state.withLock { $0.isFailing = isFailing } }

    /// From now on readers get what a closure makes of an entry.
    func plant(_ planting: @escaping @Sendable (Entry) -> Entry?) {
        state.withLock { $0.planting = planting }
    }

    private func check() throws {
        guard !state.withLock({ $0.isFailing }) else { throw StoreError(code: .unavailable, message: "down") }
    }

    var now: Timestamp? { store.now }

    func entry(for key: CacheKey) async throws -> Entry? {
        try check()
        guard let entry = try await store.entry(for: key) else { return nil }
        return state.withLock { $0.planting }(entry)
    }

    @discardableResult
    func setEntry(
        _ entry: Entry,
        for key: CacheKey,
        asked: Timestamp?,
        before end: Timestamp?
    ) async throws -> Int {
        try check()
        state.withLock { $0.written.append(entry) }
        return try await store.setEntry(entry, for: key, asked: asked, before: end)
    }

    @discardableResult
    func removeEntry(for key: CacheKey, holding hold: Duration) async throws -> Bool {
        try await store.removeEntry(for: key, holding: hold)
    }

    func removeAll(holding hold: Duration) async throws { try await store.removeAll(holding: hold) }
    func count() async throws -> Int { try await store.count() }
    func capacity() async throws -> Int { try await store.capacity() }
    func shutdown() async { await store.shutdown() }
}
