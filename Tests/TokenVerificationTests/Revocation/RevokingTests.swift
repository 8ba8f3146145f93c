import CacheStores
import CacheStoresTesting
import Synchronization
import Testing
import TokenVerification
import TokenVerificationTestSupport

/// "Log this user out everywhere": answers of a subject or a client that were verified before a mark don't count.
@Suite(.timeLimit(.minutes(10))) struct RevokingTests {
    private let scene = Scene()
    private let store: ScriptedByteStore

    init() throws {
        store = try ScriptedByteStore(clock: scene.wallClock)
    }

    private var options: TokenCacheOptions {
        var options = scene.revokingOptions
        // One clock dates everything here.
        options.revocation.clockTolerance = .zero
        return options
    }

    private func verifier(
        _ authority: ScriptedAuthority,
        _ options: TokenCacheOptions? = nil,
        sealing: Sealing? = nil,
        near: Duration? = nil,
        timeToLive: Duration = .seconds(300)
    ) throws -> AuthorityTokenVerifier<ScriptedAuthority> {
        try scene.verifier(
            authority,
            over: store,
            options: options ?? self.options,
            timeToLive: timeToLive,
            sealing: sealing,
            near: near
        )
    }

    /// An authority whose tokens are all of one client.
    private func ofOneClient() -> ScriptedAuthority {
        ScriptedAuthority { [scene] token in
            var content = scene.answer(to: token).content
            content.clientID = "app"
            return .accepted(VerifiedToken(content), cacheable: true)
        }
    }

    @Test(arguments: CacheKind.allCases)
    func `forgets all tokens of a subject and of no other, in every kind of cache`(
        kind: CacheKind
    ) async throws {
        let verifier = try AuthorityTokenVerifier(
            authority: scene.accepting(),
            cache: scene.cache(kind, options: options)
        )
        for _ in 0..<3 {
            for text in ["abc", "def"] { _ = try await verifier.source(text) }
        }
        try await verifier.cache.forgetAll(ofSubject: "subject of abc")
        #expect(try await [.memory, .store].contains(verifier.source("def")))
        scene.clock.advance(by: .milliseconds(1))
        #expect(try await verifier.source("abc") == .authority)
        for _ in 0..<3 {
            for text in ["abc", "def"] { #expect(try await verifier.source(text) != .authority) }
        }
        #expect(verifier.cache.statistics.questions == 3)
    }

    @Test func `forgets all tokens of a client`() async throws {
        let verifier = try verifier(ofOneClient())
        let other = try AuthorityTokenVerifier(
            authority: scene.accepting(identity: AuthorityIdentity(kind: "other", parameters: [:])),
            cache: verifier.cache
        )
        for text in ["abc", "def"] {
            _ = try await verifier.source(text)
            _ = try await other.source(text)
        }
        // A subject of that name is not the client.
        try await verifier.cache.forgetAll(ofSubject: "app")
        #expect(try await verifier.source("abc").isHit)
        try await verifier.cache.forgetAll(ofClient: "app")
        scene.clock.advance(by: .milliseconds(1))
        for text in ["abc", "def"] {
            #expect(try await verifier.source(text) == .authority)
            #expect(try await other.source(text).isHit)
        }
    }

    @Test(arguments: [Duration?.none, .seconds(5)])
    func `is heeded by another process within a second`(near: Duration?) async throws {
        let authority = scene.accepting()
        let (one, two) = (try verifier(authority, near: near), try verifier(authority, near: near))
        _ = try await one.source("abc")
        for _ in 0..<2 { _ = try await two.source("abc") }
        try await one.cache.forgetAll(ofSubject: "subject of abc")
        scene.clock.advance(by: .milliseconds(999))
        #expect(try await two.source("abc") != .authority)
        scene.clock.advance(by: .milliseconds(1))
        #expect(try await two.source("abc") == .authority)
        #expect(try await one.source("abc").isHit)
    }

    @Test func `costs one look-up for each token and second, and none where marks are off`() async throws {
        let verifier = try verifier(scene.accepting(), near: .seconds(5))
        for _ in 0..<100 { _ = try await verifier.source("abc") }
        #expect(store.count(of: .readMarks) == 1)
        scene.clock.advance(by: .seconds(1))
        for _ in 0..<100 { _ = try await verifier.source("abc") }
        #expect(store.count(of: .readMarks) == 2)
        let without = try self.verifier(scene.accepting(), scene.options)
        for _ in 0..<100 { _ = try await without.source("abc") }
        #expect(store.count(of: .readMarks) == 2)
    }

    @Test func `spares no old answer`() async throws {
        var options = options
        options.stale.grace = .seconds(600)
        let authority = scene.accepting()
        let verifier = try verifier(authority, options)
        for text in ["abc", "def"] { _ = try await verifier.source(text) }
        try await verifier.cache.forgetAll(ofSubject: "subject of abc")
        authority.nowAnswers { _ throws(VerificationError) in throw VerificationError(.unreachable) }
        scene.clock.advance(by: .seconds(300))
        #expect(try await verifier.source("def") == .stale)
        await expect(.unreachable) { try await verifier.source("abc") }
    }

    @Test(arguments: [true, false])
    func `asks anew if the question began before the mark`(isForgottenBySame: Bool) async throws {
        let gate = Gate()
        let authority = ScriptedAuthority { [scene] token in
            let answer = scene.answer(to: token)
            await gate.pass()
            return .accepted(answer, cacheable: true)
        }
        let (one, two) = (try verifier(authority), try verifier(authority))
        let caller = Task { try await one.verify(BearerToken("abc")) }
        try await eventually { authority.questions == 1 }
        let mark = scene.clock.now
        try await (isForgottenBySame ? one : two).cache.forgetAll(ofSubject: "subject of abc")
        scene.clock.advance(by: .milliseconds(1))
        gate.open()
        #expect(try await caller.value.verifiedAt > mark)
        #expect(authority.questions == 2)
        #expect(try await two.source("abc").isHit)
    }

    @Test func `lets no caller join a question that began before`() async throws {
        let gate = Gate()
        let authority = ScriptedAuthority { [scene] token in
            await gate.pass()
            return .accepted(scene.answer(to: token), cacheable: true)
        }
        let verifier = try verifier(authority)
        let first = Task { try await verifier.source("abc") }
        try await eventually { authority.questions == 1 }
        try await verifier.cache.forgetAll(ofSubject: "subject of abc")
        let second = Task { try await verifier.source("abc") }
        try await eventually { authority.questions == 2 }
        scene.clock.advance(by: .milliseconds(1))
        gate.open()
        for caller in [first, second] { #expect(try await caller.value == .authority) }
    }

    @Test func `leaves it possible to forget a token that is being asked about`() async throws {
        let gate = Gate()
        let authority = ScriptedAuthority { _ in
            await gate.pass()
            return .refused
        }
        var options = options
        options.refusals.timeToLive = .seconds(60)
        let verifier = try verifier(authority, options)
        let caller = Task { try await verifier.source("abc") }
        try await eventually { authority.questions == 1 }
        try await verifier.cache.forgetAll(ofSubject: "somebody else")
        try await verifier.cache.forget(BearerToken("abc"))
        authority.nowAnswers { [scene] in .accepted(scene.answer(to: $0), cacheable: true) }
        gate.open()
        await expect(.refused) { try await caller.value }
        #expect(try await verifier.source("abc") == .authority, "the refusal was not remembered")
    }

    @Test func `takes an answer whose marks can't be read for none, and fails no login`() async throws {
        let verifier = try verifier(scene.accepting())
        for _ in 0..<2 { _ = try await verifier.source("abc") }
        scene.clock.advance(by: .seconds(1))
        store.fail(.readMarks)
        let before = verifier.cache.statistics
        #expect(try await verifier.source("abc") == .authority)
        #expect(verifier.cache.statistics.storeFailures > before.storeFailures)
        #expect(verifier.cache.statistics.markedAnswers > before.markedAnswers)
        store.recover()
        #expect(try await verifier.source("abc").isHit)
    }

    @Test func `binds this process even if the store did not confirm`() async throws {
        let verifier = try verifier(scene.accepting(), near: .seconds(5))
        for _ in 0..<3 { _ = try await verifier.source("abc") }
        store.fail(.mark)
        await expect(.unconfirmed) { try await verifier.cache.forgetAll(ofSubject: "subject of abc") }
        scene.clock.advance(by: .milliseconds(1))
        #expect(try await verifier.source("abc") == .authority)
    }

    @Test func `is read and written under every secret while they are changed`() async throws {
        let old = Sealing.secret(try secret(1))
        let changing = Sealing.secret(try secret(2), previous: [try secret(1)])
        let authority = scene.accepting()
        for (forgetting, reading) in [(old, changing), (changing, old), (changing, changing)] {
            let reader = try verifier(authority, sealing: reading)
            _ = try await reader.source("abc")
            try await verifier(authority, sealing: forgetting).cache.forgetAll(ofSubject: "subject of abc")
            scene.clock.advance(by: .seconds(1))
            #expect(try await reader.source("abc") == .authority)
        }
        #expect(store.marks.count == 2)
        try await verifier(authority, sealing: .off).cache.forgetAll(ofSubject: "subject of abc")
        #expect(store.marks.count == 3, "without the secret, a mark does not tell its subject")
    }

    @Test func `lives as long as any answer`() async throws {
        var options = options
        options.stale.grace = .seconds(86_400)
        let long = try verifier(scene.accepting(), options, timeToLive: .seconds(2 * 86_400))
        try await long.cache.forgetAll(ofSubject: "somebody")
        let ends = store.marks.values.map { scene.clock.now.duration(to: $0) }
        #expect(ends == [.seconds(3 * 86_400 + 50 + 60)])
        try await verifier(scene.accepting()).cache.forgetAll(ofSubject: "somebody else")
        #expect(store.marks.values.map { scene.clock.now.duration(to: $0) }.min() == .seconds(86_400))
    }

    @Test func `a mark counts that only the newest answer names`() async throws {
        let namesSubject = Mutex(false)
        let opaque = ScriptedAuthority { [scene] token in
            var content = scene.answer(to: token).content
            content.clientID = "app"
            if !namesSubject.withLock({ $0 }) { content.subject = nil }
            return .accepted(VerifiedToken(content), cacheable: true)
        }
        let cache = try TokenCache(
            store: store,
            timeToLive: .milliseconds(500),
            sealing: .secret(secret(1)),
            options: options
        )
        let verifier = try AuthorityTokenVerifier(authority: opaque, cache: cache)
        #expect(try await verifier.source("abc") == .authority)
        namesSubject.withLock { $0 = true }
        scene.clock.advance(by: .milliseconds(500))
        #expect(try await verifier.source("abc") == .authority)
        #expect(try await verifier.source("abc") == .store)
        try await cache.forgetAll(ofSubject: "subject of abc")
        #expect(try await verifier.source("abc") == .authority)
    }

    @Test func `needs the option, and a store that knows marks`() async throws {
        let cache = try scene.cache(.memory)
        for operation in [
            { try await cache.forgetAll(ofSubject: "a") }, { try await cache.forgetAll(ofClient: "a") },
        ] {
            let error = await #expect(throws: ConfigurationError.self) { try await operation() }
            #expect(error?.message.contains("revocation.isOn") == true)
        }
        #expect(throws: ConfigurationError.self) {
            try TokenCache(store: PlainStore(), timeToLive: .seconds(300), options: options)
        }
    }
}
