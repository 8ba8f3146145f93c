import CacheStores
import Synchronization
import Testing
import TokenVerificationTestSupport

/// What a store gets that implements the ordinary look-up only, and what a wrapper can pass on.
@Suite(.timeLimit(.minutes(10))) struct LookupTests {
    private let memory: MemoryStore<[UInt8]>
    private let entry = CacheEntry<[UInt8]>([1], expiry: .distantFuture)

    init() async throws {
        memory = try MemoryStore(capacity: 10)
        try await memory.setEntry(entry, for: Sample.key(1))
    }

    @Test func `a store in memory always tells at once`() throws {
        #expect(try memory.immediateEntry(for: Sample.key(1)) == .found(entry))
        #expect(try memory.immediateEntry(for: Sample.key(2)) == .absent)
    }

    @Test func `a store that does not say otherwise must wait, and is held to the limit`() async throws {
        let store = PlainLookups(memory)
        #expect(try store.immediateEntry(for: Sample.key(1)) == .mustWait)
        #expect(try await store.entry(for: Sample.key(1), within: .seconds(600)) == entry)
        store.hang()
        let error = await #expect(throws: StoreError.self) {
            try await store.entry(for: Sample.key(1), within: .milliseconds(1))
        }
        #expect(error?.code == .timedOut)
    }

    @Test func `a look-up within a limit ends with its caller`() async throws {
        let store = PlainLookups(memory)
        store.hang()
        let task = Task { try await store.entry(for: Sample.key(1), within: .seconds(600)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}

@Suite struct WrappingStoreTests {
    @Test func `shows an ability through any number of wrappers`() throws {
        let memory = try MemoryStore<[UInt8]>()
        let wrapped = PlainLookups(PlainLookups(ScriptedStore(memory)))
        #expect(wrapped.ability((any InvalidatingStore).self) != nil)
        #expect(memory.ability((any InvalidatingStore).self) == nil)
    }
}

/// A store with no look-up but the ordinary one.
private final class PlainLookups: ForwardingStore {
    let wrapped: any CacheStore<[UInt8]>
    private let hangs = Atomic(false)

    init(_ store: any CacheStore<[UInt8]>) {
        wrapped = store
    }

    func hang() { hangs.store(true, ordering: .relaxed) }

    func entry(for key: CacheKey) async throws -> CacheEntry<[UInt8]>? {
        if hangs.load(ordering: .relaxed) { try await Task.sleep(for: .seconds(3_600)) }
        return try await wrapped.entry(for: key)
    }
}
