import CacheStores
import CacheStoresSQLite
import CacheStoresTesting
import Testing
import TokenVerification
import TokenVerificationTestSupport

/// Two caches, as two processes have them, on one SQLite file.
///
/// Real processes share one in the tests of TokenGate.
@Suite(.timeLimit(.minutes(10))) struct SharedFileTests {
    private let scene = Scene()
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func store() throws -> ScriptedByteStore {
        let path = directory.path(of: "cache.db")
        return ScriptedByteStore(try SQLiteStore(path: path, clock: scene.wallClock, deadline: .seconds(20)))
    }

    private func verifier(
        _ authority: ScriptedAuthority,
        _ store: ScriptedByteStore,
        isShared: Bool = false
    ) throws -> AuthorityTokenVerifier<ScriptedAuthority> {
        var options = scene.options
        options.fleet.isOn = isShared
        options.fleet.leaseTime = .seconds(100)
        options.store.deadline = .seconds(20)
        options.store.removalDeadline = .seconds(20)
        let cache = try TokenCache(
            store: store,
            timeToLive: .seconds(300),
            sealing: .secret(secret(1)),
            options: options
        )
        return try AuthorityTokenVerifier(authority: authority, cache: cache)
    }

    @Test func `share answers, the bound and what is forgotten`() async throws {
        let authority = scene.accepting()
        let (one, two) = (try verifier(authority, store()), try verifier(authority, store()))
        #expect(try await one.source("abc") == .authority)
        #expect(try await two.source("abc") == .store)
        try await two.cache.forget(BearerToken("abc"))
        #expect(try await one.source("abc") == .authority)
        #expect(try await one.source("def") == .authority)
        try await one.cache.forgetAll()
        #expect(try await two.source("def") == .authority)
        for verifier in [one, two] { await verifier.cache.shutdown() }
    }

    @Test(arguments: [true, false])
    func `never bring an answer back whose question was under way`(isForgottenBySame: Bool) async throws {
        let gate = Gate()
        let authority = ScriptedAuthority { [scene] token in
            let answer = scene.answer(to: token)
            await gate.pass()
            return .accepted(answer, cacheable: true)
        }
        let (one, two) = (try verifier(authority, store()), try verifier(authority, store()))
        let caller = Task { try await one.source("abc") }
        try await eventually { authority.questions == 1 }
        try await (isForgottenBySame ? one : two).cache.forget(BearerToken("abc"))
        authority.nowAnswers { _ in .refused }
        gate.open()
        #expect(try await caller.value == .authority)
        for verifier in [one, two] {
            await expect(.refused) { try await verifier.source("abc") }
            await verifier.cache.shutdown()
        }
    }

    @Test(arguments: [true, false], [0, 16, 130])
    func `never bring an answer back that is written late`(isEverything: Bool, delay: Int) async throws {
        let gate = Gate()
        let authority = scene.accepting()
        let late = try store()
        late.hold(.set, at: gate)
        let (one, two) = (try verifier(authority, late), try verifier(authority, store()))
        let caller = Task { try await one.source("abc") }
        try await eventually { late.count(of: .set) == 1 }
        if isEverything {
            try await two.cache.forgetAll()
        } else {
            try await two.cache.forget(BearerToken("abc"))
        }
        scene.clock.advance(by: .seconds(delay))
        gate.open()
        #expect(try await caller.value == .authority)
        authority.nowAnswers { _ in .refused }
        for verifier in [one, two] {
            await expect(.refused) { try await verifier.source("abc") }
            await verifier.cache.shutdown()
        }
    }

    @Test func `ask once for 32 concurrent first uses`() async throws {
        let gate = Gate()
        let authority = ScriptedAuthority { [scene] token in
            await gate.pass()
            return .accepted(scene.answer(to: token), cacheable: true)
        }
        let verifier = try verifier(authority, store())
        let callers = (0..<32).map { _ in Task { try await verifier.source("abc") } }
        try await eventually { authority.questions == 1 }
        gate.open()
        for caller in callers { _ = try await caller.value }
        #expect(authority.questions == 1)
        await verifier.cache.shutdown()
    }

    @Test func `ask once for 32 callers in each of three, where a fleet shares its questions`() async throws {
        let gate = Gate()
        let authority = ScriptedAuthority { [scene] token in
            await gate.pass()
            return .accepted(scene.answer(to: token), cacheable: true)
        }
        let stores = try (0..<3).map { _ in try store() }
        let verifiers = try stores.map { try verifier(authority, $0, isShared: true) }
        let callers = verifiers.flatMap { verifier in
            (0..<32).map { _ in Task { try await verifier.source("abc") } }
        }
        try await eventually { stores.allSatisfy { $0.count(of: .lease) > 0 } && authority.questions == 1 }
        gate.open()
        for caller in callers { _ = try await caller.value }
        #expect(authority.questions == 1)
        for verifier in verifiers { await verifier.cache.shutdown() }
    }
}
