import CacheStores
import Synchronization
import Testing
import TokenVerification
import TokenVerificationTestSupport

/// Which look-ups a cache makes in a store that is not one of ours.
@Suite(.timeLimit(.minutes(10))) struct QuickLookupTests {
    private let scene = Scene()
    private let authority: ScriptedAuthority

    init() {
        authority = scene.accepting()
    }

    private func verifier(
        over store: any CacheStore<[UInt8]>
    ) throws -> AuthorityTokenVerifier<ScriptedAuthority> {
        let cache = try TokenCache(
            store: store,
            timeToLive: .seconds(300),
            sealing: .secret(secret(1)),
            options: scene.options
        )
        return try AuthorityTokenVerifier(authority: authority, cache: cache)
    }

    @Test func `takes a hit that a wrapper has at once, and makes no other look-up`() async throws {
        let store = try LookupLog(clock: scene.wallClock, isImmediate: true)
        let verifier = try verifier(over: store)
        _ = try await verifier.source("token")
        #expect(try await verifier.source("token") == .store)
        #expect(store.lookups.last == .immediate && Set(store.lookups) == [.immediate])
    }

    @Test func `asks within its own limit where the wrapper must wait`() async throws {
        let store = try LookupLog(clock: scene.wallClock, isImmediate: false)
        let verifier = try verifier(over: store)
        _ = try await verifier.source("token")
        #expect(try await verifier.source("token") == .store)
        let limited = LookupLog.Kind.limited(scene.options.store.deadline)
        #expect(store.lookups.last == limited && Set(store.lookups) == [.immediate, limited])
    }
}

/// A wrapper that passes every look-up on, and notes which it was.
private final class LookupLog: ForwardingStore {
    enum Kind: Hashable {
        case ordinary, immediate
        case limited(Duration)
    }

    let wrapped: any CacheStore<[UInt8]>
    private let isImmediate: Bool
    private let made = Mutex<[Kind]>([])

    init(clock: WallClock, isImmediate: Bool) throws {
        wrapped = try MemoryStore<[UInt8]>(capacity: 10, clock: clock)
        self.isImmediate = isImmediate
    }

    var lookups: [Kind] { made.withLock { $0 } }

    func entry(for key: CacheKey) async throws -> CacheEntry<[UInt8]>? {
        made.withLock { $0.append(.ordinary) }
        return try await wrapped.entry(for: key)
    }

    func immediateEntry(for key: CacheKey) throws -> Lookup<CacheEntry<[UInt8]>> {
        made.withLock { $0.append(.immediate) }
        return isImmediate ? try wrapped.immediateEntry(for: key) : .mustWait
    }

    func entry(for key: CacheKey, within limit: Duration) async throws -> CacheEntry<[UInt8]>? {
        made.withLock { $0.append(.limited(limit)) }
        return try await wrapped.entry(for: key, within: limit)
    }
}
