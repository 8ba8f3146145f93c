import CacheStores
import CacheStoresTesting
import Testing
import TokenVerification
import TokenVerificationTestSupport

@Suite(.timeLimit(.minutes(10))) struct ForgettingTests {
    private let scene = Scene()

    @Test(arguments: CacheKind.allCases)
    func `makes the next use a question`(kind: CacheKind) async throws {
        let verifier = try AuthorityTokenVerifier(authority: scene.accepting(), cache: scene.cache(kind))
        for text in ["abc", "def"] {
            for _ in 0..<3 { _ = try await verifier.source(text) }
        }
        try await verifier.cache.forget(BearerToken("abc"))
        #expect(try await verifier.source("abc") == .authority)
        #expect(try await [.memory, .store].contains(verifier.source("def")))
        try await verifier.cache.forgetAll()
        #expect(try await verifier.source("def") == .authority)
    }

    @Test func `covers every authority of the cache`() async throws {
        let cache = try scene.cache(.memory)
        let verifiers = try ["a", "b"].map { kind in
            let identity = AuthorityIdentity(kind: kind, parameters: [:])
            return try AuthorityTokenVerifier(authority: scene.accepting(identity: identity), cache: cache)
        }
        for verifier in verifiers { _ = try await verifier.source("abc") }
        try await cache.forget(BearerToken("abc"))
        for verifier in verifiers { #expect(try await verifier.source("abc") == .authority) }
    }

    @Test(arguments: CacheKind.allCases)
    func `keeps an answer from coming back whose question was under way`(kind: CacheKind) async throws {
        let gate = Gate()
        let authority = ScriptedAuthority { [scene] token in
            let answer = scene.answer(to: token)
            await gate.pass()
            return .accepted(answer, cacheable: true)
        }
        let verifier = try AuthorityTokenVerifier(authority: authority, cache: scene.cache(kind))
        let caller = Task { try await verifier.source("abc") }
        try await eventually { authority.questions == 1 }
        try await verifier.cache.forget(BearerToken("abc"))
        authority.nowAnswers { _ in .refused }
        gate.open()
        #expect(try await caller.value == .authority, "those who waited get the answer")
        await expect(.refused) { try await verifier.source("abc") }
    }

    @Test func `starts a new question though an old one is under way`() async throws {
        let gate = Gate()
        let authority = ScriptedAuthority { [scene] token in
            await gate.pass()
            return .accepted(scene.answer(to: token), cacheable: true)
        }
        let verifier = try AuthorityTokenVerifier(authority: authority, cache: scene.cache(.memory))
        let caller = Task { try await verifier.source("abc") }
        try await eventually { authority.questions == 1 }
        try await verifier.cache.forgetAll()
        authority.nowAnswers { _ in .refused }
        await expect(.refused) { try await verifier.source("abc") }
        gate.open()
        #expect(try await caller.value == .authority)
    }

    /// The write is held up after it was decided on: the store must stop it, in any process, also when it no longer
    /// remembers the removal.
    @Test(arguments: [true, false], [0, 16, 130])
    func `wins over a write that is on its way`(isInThisProcess: Bool, delay: Int) async throws {
        let store = try ScriptedByteStore(clock: scene.wallClock)
        func cache() throws -> TokenCache {
            try TokenCache(
                store: store,
                timeToLive: .seconds(300),
                sealing: .tokenOnly,
                options: scene.options.near(.seconds(5))
            )
        }
        let authority = scene.accepting()
        let verifier = try AuthorityTokenVerifier(authority: authority, cache: cache())
        let other = try AuthorityTokenVerifier(authority: authority, cache: cache())
        let gate = Gate()
        store.hold(.set, at: gate)
        let caller = Task { try await verifier.source("abc") }
        try await eventually { store.count(of: .set) == 1 }
        try await (isInThisProcess ? verifier : other).cache.forget(BearerToken("abc"))
        scene.clock.advance(by: .seconds(delay))
        gate.open()
        #expect(try await caller.value == .authority)
        authority.nowAnswers { _ in .refused }
        for verifier in [verifier, other] { await expect(.refused) { try await verifier.source("abc") } }
        #expect(store.keys.count == 1, "the late write did reach the store")
    }

    @Test func `wins over a write that came first`() async throws {
        let store = try ScriptedByteStore(clock: scene.wallClock)
        let authority = scene.accepting()
        let cache = try TokenCache(
            store: store,
            timeToLive: .seconds(300),
            sealing: .tokenOnly,
            options: scene.options
        )
        let verifier = try AuthorityTokenVerifier(authority: authority, cache: cache)
        let gate = Gate()
        store.hold(.remove, at: gate)
        let removal = Task { try await cache.forget(BearerToken("abc")) }
        try await eventually { store.count(of: .remove) == 1 }
        _ = try await verifier.source("abc")
        gate.open()
        try await removal.value
        authority.nowAnswers { _ in .refused }
        await expect(.refused) { try await verifier.source("abc") }
    }

    @Test(arguments: CacheKind.allCases, [true, false])
    func `keeps no answer for a second, and any answer from then on`(
        kind: CacheKind,
        isEverything: Bool
    ) async throws {
        let verifier = try AuthorityTokenVerifier(authority: scene.accepting(), cache: scene.cache(kind))
        _ = try await verifier.source("abc")
        if isEverything {
            try await verifier.cache.forgetAll()
        } else {
            try await verifier.cache.forget(BearerToken("abc"))
        }
        scene.clock.advance(by: .seconds(1))
        for _ in 0..<2 { #expect(try await verifier.source("abc") == .authority) }
        scene.clock.advance(by: .milliseconds(1))
        #expect(try await verifier.source("abc") == .authority)
        for _ in 0..<2 { #expect(try await [.memory, .store].contains(verifier.source("abc"))) }
    }

    @Test func `is a mistake in the configuration where no verifier uses the cache`() async throws {
        let cache = try scene.cache(.memory)
        let error = await #expect(throws: ConfigurationError.self) {
            try await cache.forget(BearerToken("abc"))
        }
        #expect(error?.message.contains("needs a verifier") == true)
    }

    @Test func `says so when the store did not confirm`() async throws {
        let store = try ScriptedByteStore(clock: scene.wallClock)
        let cache = try TokenCache(
            store: store,
            timeToLive: .seconds(300),
            sealing: .off,
            options: scene.options
        )
        let verifier = try AuthorityTokenVerifier(authority: scene.accepting(), cache: cache)
        _ = try await verifier.source("abc")
        store.fail(.remove, .removeAll)
        for operation in [{ try await cache.forget(BearerToken("abc")) }, { try await cache.forgetAll() }] {
            let error = await #expect(throws: VerificationError.self) { try await operation() }
            #expect(error?.code == .unavailable && error?.reason == .unconfirmed)
        }
    }

    @Test func `is bounded when the store hangs`() async throws {
        let store = try ScriptedByteStore(clock: scene.wallClock)
        let gate = Gate()
        store.hold(.remove, at: gate)
        var options = scene.options
        options.store.removalDeadline = .milliseconds(20)
        let cache = try TokenCache(store: store, timeToLive: .seconds(300), sealing: .off, options: options)
        _ = try AuthorityTokenVerifier(authority: scene.accepting(), cache: cache)
        await expect(.unconfirmed) { try await cache.forget(BearerToken("abc")) }
        gate.open()
    }
}
