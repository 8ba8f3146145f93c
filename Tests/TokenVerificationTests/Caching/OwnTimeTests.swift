import CacheStores
import CacheStoresTesting
import Testing
import TokenVerification
import TokenVerificationTestSupport

/// The times in an answer count, whatever the store makes of its entry's.
@Suite(.timeLimit(.minutes(10))) struct OwnTimeTests {
    private let scene = Scene()

    @Test func `a sealed record ends with its own life, in a process with a longer one too`() async throws {
        let store = ImmortalStore<[UInt8]>(wrapped: try MemoryStore(capacity: 10, clock: scene.wallClock))
        let authority = scene.accepting()
        let verifiers = try [60, 300].map { life in
            try AuthorityTokenVerifier(
                authority: authority,
                cache: TokenCache(
                    store: store,
                    timeToLive: .seconds(life),
                    sealing: .secret(secret(1)),
                    options: scene.options
                )
            )
        }
        #expect(try await verifiers[0].source("abc") == .authority)
        scene.clock.advance(by: .milliseconds(59_999))
        #expect(try await verifiers[1].source("abc") == .store)
        scene.clock.advance(by: .milliseconds(1))
        #expect(try await verifiers[1].source("abc") == .authority)
    }

    @Test func `an answer ends with its token`() async throws {
        let store = ImmortalStore<VerifiedToken>(
            wrapped: try MemoryStore(capacity: 10, clock: scene.wallClock)
        )
        let verifier = try AuthorityTokenVerifier(
            authority: scene.accepting(life: .seconds(100)),
            cache: TokenCache(store: store, timeToLive: .seconds(300), options: scene.options)
        )
        #expect(try await verifier.source("abc") == .authority)
        scene.clock.advance(by: .milliseconds(99_999))
        #expect(try await verifier.source("abc") == .store)
        scene.clock.advance(by: .milliseconds(1))
        #expect(try await verifier.source("abc") == .authority)
    }
}

/// A store whose entries stay, whatever time they were given.
private struct ImmortalStore<Value: Sendable>: ForwardingStore {
    let wrapped: any CacheStore<Value>

    func setEntry(
        _ entry: CacheEntry<Value>,
        for key: CacheKey,
        asked: Timestamp?,
        before end: Timestamp?
    ) async throws -> Int {
        let lasting = CacheEntry(entry.value, expiry: .distantFuture)
        return try await wrapped.setEntry(lasting, for: key, asked: asked, before: end)
    }
}
