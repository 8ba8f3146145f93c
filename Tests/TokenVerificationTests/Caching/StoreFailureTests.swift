import CacheStores
import CacheStoresTesting
import Logging
import Synchronization
import Testing
import TokenVerification
import TokenVerificationTestSupport

/// A store that cannot answer is a miss: it never fails a login, and never passes one.
@Suite(.timeLimit(.minutes(10))) struct StoreFailureTests {
    private let scene = Scene()
    private let store: ScriptedByteStore
    private let log = LogCapture()

    init() throws {
        store = try ScriptedByteStore(clock: scene.wallClock)
    }

    private func verifier(
        _ authority: ScriptedAuthority,
        storeDeadline: Duration = .seconds(30)
    ) throws -> AuthorityTokenVerifier<ScriptedAuthority> {
        var options = scene.options
        options.store.deadline = storeDeadline
        options.logger = log.logger
        let cache = try TokenCache(
            store: store,
            timeToLive: .seconds(300),
            sealing: .secret(secret(1)),
            options: options
        )
        return try AuthorityTokenVerifier(authority: authority, cache: cache)
    }

    @Test func `is a miss when it throws`() async throws {
        let verifier = try verifier(scene.accepting())
        store.fail(.lookup, .set)
        #expect(try await verifier.source("abc") == .authority)
        #expect(verifier.cache.statistics.storeFailures == 3)
        store.recover()
        _ = try await verifier.source("abc")
        #expect(try await verifier.source("abc") == .store)
        #expect(log.messages.count == 4, "reads and writes each tell when they fail and when they work again")
    }

    @Test func `works again as soon as a removal is confirmed`() async throws {
        let verifier = try verifier(scene.accepting())
        store.fail(.set)
        _ = try await verifier.source("abc")
        #expect(log.messages.count == 1 && log.messages[0].hasPrefix("warning"))
        store.recover()
        try await verifier.cache.forget(BearerToken("abc"))
        #expect(log.messages.count == 2 && log.messages.last?.hasPrefix("notice") == true)
    }

    @Test func `is told once if it can be read but not written, and is read on`() async throws {
        let verifier = try verifier(scene.accepting())
        _ = try await verifier.source("stored")
        store.fail(.set)
        for number in 0..<100 {
            scene.clock.advance(by: .milliseconds(500))
            #expect(try await verifier.source("abc\(number)") == .authority)
            #expect(try await verifier.source("stored") == .store)
        }
        #expect(log.messages.count == 1)
        #expect(log.messages.allSatisfy { $0.hasPrefix("warning") && $0.contains("can't be written") })
        scene.clock.advance(by: .seconds(11))
        _ = try await verifier.source("later")
        #expect(log.messages.count == 2 && log.messages.last?.contains("omitted") == true)
        store.recover()
        scene.clock.advance(by: .seconds(2))
        for text in ["a", "b"] { _ = try await verifier.source(text) }
        #expect(log.messages.count == 3 && log.messages.last?.hasPrefix("notice") == true)
    }

    @Test func `is written on if it can't be read`() async throws {
        let verifier = try verifier(scene.accepting())
        store.fail(.lookup)
        for number in 0..<20 { _ = try await verifier.source("abc\(number)") }
        #expect(store.count(of: .set) == 20 && log.messages.count == 1)
    }

    @Test func `that fails by turns is told of once a minute`() async throws {
        let verifier = try verifier(scene.accepting())
        for number in 0..<100 {
            if number % 2 == 0 { store.fail(.lookup) } else { store.recover() }
            _ = try await verifier.source("abc\(number)")
        }
        #expect(log.messages.count == 2)
    }

    @Test func `is a miss when it hangs`() async throws {
        let gate = Gate()
        store.hold(.lookup, at: gate)
        store.hold(.set, at: gate)
        let verifier = try verifier(scene.accepting(), storeDeadline: .milliseconds(10))
        #expect(try await verifier.source("abc") == .authority)
        gate.open()
        try await eventually { try await verifier.source("abc") == .store }
    }

    @Test func `is left alone after five failures in a row, until a pause is over`() async throws {
        let authority = scene.accepting()
        let verifier = try verifier(authority)
        store.fail(.lookup, .set)
        for number in 0..<5 { #expect(try await verifier.source("abc\(number)") == .authority) }
        #expect(verifier.cache.statistics.storeFailures == 10, "five reads and five writes")
        let before = (store.count(of: .lookup), store.count(of: .set))
        for number in 0..<50 { #expect(try await verifier.source("def\(number)") == .authority) }
        #expect((store.count(of: .lookup), store.count(of: .set)) == before, "nothing is asked of it")
        #expect(verifier.cache.statistics.sparedStoreOperations == 155)
        scene.clock.advance(by: .milliseconds(1_500))
        _ = try await verifier.source("probe")
        #expect(store.count(of: .lookup) == before.0 + 1)
        store.recover()
        scene.clock.advance(by: .milliseconds(1_500))
        _ = try await verifier.source("abc")
        #expect(try await verifier.source("abc") == .store)
    }

    @Test func `is made to remove even while it is left alone`() async throws {
        let authority = scene.accepting()
        let verifier = try verifier(authority)
        store.fail(.lookup, .set)
        for number in 0..<3 { _ = try await verifier.source("abc\(number)") }
        let before = store.count(of: .lookup)
        try await verifier.cache.forget(BearerToken("abc"))
        try await verifier.cache.forgetAll()
        #expect(store.count(of: .remove) == 1 && store.count(of: .removeAll) == 1)
        store.recover()
        _ = try await verifier.source("def")
        #expect(store.count(of: .lookup) == before, "a removal ends no pause")
    }

    @Test func `is not left alone for a value that is too large`() async throws {
        var content = VerifiedToken.Content(verifiedAt: scene.clock.now)
        content.subject = String(repeating: "x", count: 1 << 20)
        let large = VerifiedToken(content)
        let authority = ScriptedAuthority { _ in .accepted(large, cacheable: true) }
        let verifier = try verifier(authority)
        for number in 0..<9 { _ = try await verifier.source("abc\(number)") }
        #expect(verifier.cache.statistics.sparedStoreOperations == 0)
    }

    @Test func `lets no token pass that the authority refuses`() async throws {
        let verifier = try verifier(ScriptedAuthority { _ in .refused })
        store.fail(.lookup, .set, .remove)
        await expect(.refused) { try await verifier.source("abc") }
    }

    @Test func `does not hold up a caller that leaves`() async throws {
        let gate = Gate()
        store.hold(.lookup, at: gate)
        let verifier = try verifier(scene.accepting())
        let caller = Task { try await verifier.source("abc") }
        try await eventually { store.count(of: .lookup) == 1 }
        caller.cancel()
        await expect(.cancelled) { try await caller.value }
        gate.open()
    }

    @Test func `logs neither token nor subject`() async throws {
        let verifier = try verifier(scene.accepting())
        store.fail(.lookup, .set, .remove)
        _ = try await verifier.source("tell-nobody")
        await expect(.unconfirmed) { try await verifier.cache.forget(BearerToken("tell-nobody")) }
        #expect(!log.messages.isEmpty && !log.messages.joined().contains("tell-nobody"))
    }

    @Test func `warns of records that can be forged without a secret`() throws {
        _ = try TokenCache(
            store: store,
            timeToLive: nil,
            sealing: .tokenOnly,
            options: TokenCacheOptions(logger: log.logger)
        )
        #expect(log.messages.count == 1)
    }
}
