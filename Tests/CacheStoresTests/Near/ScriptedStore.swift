import CacheStores
import Synchronization
import TokenVerificationTestSupport

/// A far store whose notices of change and whose faults a test decides on, and which counts its lookups.
final class ScriptedStore: ForwardingStore, InvalidatingStore {
    private struct State {
        var channel: AsyncStream<Invalidation>.Continuation?
        var lookups = 0
        var isFailing = false
        var gate: (@Sendable () async -> Void)?
    }

    let wrapped: any CacheStore<[UInt8]>
    private let state = Mutex(State())

    init(_ store: any CacheStore<[UInt8]>) {
        wrapped = store
    }

    /// How often an entry was looked up here.
    var lookups: Int { state.withLock { $0.lookups } }

    var isListenedTo: Bool { state.withLock { $0.channel != nil } }

    var invalidations: any AsyncSequence<Invalidation, Never> & Sendable {
        let (stream, continuation) = AsyncStream.makeStream(of: Invalidation.self)
        state.withLock { $0.channel = continuation }
        return stream
    }

    func send(_ invalidation: Invalidation) {
        state.withLock { $0.channel }?.yield(invalidation)
    }

    func loseChannel() {
        state.withLock { state in
            defer { state.channel = nil }
            return state.channel
        }?.finish()
    }

    /// Makes every operation throw.
    func fail() { state.withLock { $0.isFailing = true } }

    /// Runs something between the reading of an entry and its return, once.
    func pauseNextLookup(_ gate: @escaping @Sendable () async -> Void) {
        state.withLock { $0.gate = gate }
    }

    func entry(for key: CacheKey) async throws -> CacheEntry<[UInt8]>? {
        try check()
        let gate = state.withLock { state in
            state.lookups += 1
            defer { state.gate = nil }
            return state.gate
        }
        let entry = try await wrapped.entry(for: key)
        await gate?()
        return entry
    }

    @discardableResult
    func setEntry(
        _ entry: CacheEntry<[UInt8]>,
        for key: CacheKey,
        asked: Timestamp?,
        before end: Timestamp?
    ) async throws -> Int {
        try check()
        return try await wrapped.setEntry(entry, for: key, asked: asked, before: end)
    }

    @discardableResult
    func removeEntry(for key: CacheKey, holding hold: Duration) async throws -> Bool {
        try check()
        return try await wrapped.removeEntry(for: key, holding: hold)
    }

    func removeAll(holding hold: Duration) async throws {
        try check()
        try await wrapped.removeAll(holding: hold)
    }

    private func check() throws {
        if state.withLock({ $0.isFailing }) { throw StoreError(code: .unavailable, message: "as scripted") }
    }
}
