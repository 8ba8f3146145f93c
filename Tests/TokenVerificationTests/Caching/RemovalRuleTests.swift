import CacheStores
import CacheStoresTesting
import Testing
import TokenVerification
import TokenVerificationTestSupport

/// What a cache tells its store, so that no removal is undone by a late answer (rule 8 of `CacheStore`).
@Suite(.timeLimit(.minutes(10))) struct RemovalRuleTests {
    private let scene = Scene()
    private let store: ScriptedByteStore

    init() throws {
        store = try ScriptedByteStore(clock: scene.wallClock)
    }

    /// The bounds of a write whose question begins now.
    private func boundsOfNow(ahead: Duration = .zero) -> ScriptedByteStore.Bounds {
        let asked = scene.clock.now.advanced(by: ahead)
        return ScriptedByteStore.Bounds(asked: asked, end: asked.advanced(by: .seconds(60)))
    }

    @Test func `a write says when its question began, by the store's clock, and counts for a minute`()
        async throws
    {
        store.setClockOffset(.seconds(3_600))
        let authority = ScriptedAuthority { [scene] token in
            let answer = scene.answer(to: token)
            scene.clock.advance(by: .seconds(7))
            return .accepted(answer, cacheable: true)
        }
        let verifier = try scene.verifier(authority, over: store)
        let expected = boundsOfNow(ahead: .seconds(3_600))
        _ = try await verifier.source("abc")
        #expect(store.writes == [expected])
    }

    @Test func `a leader's question begins when it has the lease`() async throws {
        let gate = Gate()
        store.hold(.lease, at: gate)
        var options = scene.options
        options.fleet.isOn = true
        let verifier = try scene.verifier(scene.accepting(), over: store, options: options)
        let caller = Task { try await verifier.source("abc") }
        try await eventually { store.count(of: .lease) == 1 }
        scene.clock.advance(by: .seconds(5))
        gate.open()
        _ = try await caller.value
        #expect(store.writes == [boundsOfNow()])
    }

    @Test func `a question that waits for its turn begins afterwards`() async throws {
        let gate = Gate()
        let authority = ScriptedAuthority { [scene] token in
            await gate.pass()
            return .accepted(scene.answer(to: token), cacheable: true)
        }
        var options = scene.options
        options.questions.maximum = 1
        options.questions.waitLimit = .seconds(60)
        let verifier = try scene.verifier(authority, over: store, options: options)
        let first = boundsOfNow()
        let callers = ["a", "b"].map { text in Task { try await verifier.source(text) } }
        // Each looks twice before it asks.
        try await eventually { authority.questions == 1 && store.count(of: .lookup) == 4 }
        scene.clock.advance(by: .seconds(5))
        gate.open()
        for caller in callers { _ = try await caller.value }
        #expect(store.writes.count == 2)
        #expect(store.writes.contains(first) && store.writes.contains(boundsOfNow()))
    }

    @Test func `nothing is stored while the store's clock is not known, and nothing fails`() async throws {
        store.setClockOffset(nil)
        let verifier = try scene.verifier(scene.accepting(), over: store)
        for _ in 0..<2 { #expect(try await verifier.source("abc") == .authority) }
        #expect(store.count(of: .set) == 0 && verifier.cache.statistics.storeFailures == 0)
        store.setClockOffset(.zero)
        #expect(try await verifier.source("abc") == .authority)
        #expect(try await verifier.source("abc") == .store)
    }

    @Test func `every removal is remembered for two minutes, whatever the settings`() async throws {
        var options = scene.options
        options.store.removalDeadline = .seconds(53)
        options.stale.grace = .seconds(600)
        let authority = ScriptedAuthority(deadline: .seconds(7)) { [scene] in
            .accepted(scene.answer(to: $0), cacheable: true)
        }
        let verifier = try scene.verifier(authority, over: store, options: options)
        try await verifier.cache.forget(BearerToken("abc"))
        try await verifier.cache.forgetAll()
        _ = try await verifier.source("def")
        scene.clock.advance(by: .seconds(300))
        _ = try await verifier.source("def")
        scene.clock.advance(by: .seconds(300))
        authority.nowAnswers { _ in .refused }
        await expect(.refused) { try await verifier.source("def") }
        #expect(store.holds == [.seconds(120), .seconds(120), .seconds(120)])
    }

    @Test(arguments: [Duration.milliseconds(60_001), .seconds(3_600), .zero])
    func `an authority that may take more than a minute is a mistake in the configuration`(
        deadline: Duration
    ) throws {
        let error = #expect(throws: ConfigurationError.self) {
            try scene.verifier(ScriptedAuthority(deadline: deadline) { _ in .refused }, over: store)
        }
        #expect(error?.message.contains("deadline") == true && error?.message.contains("60") == true)
        _ = try scene.verifier(ScriptedAuthority(deadline: .seconds(60)) { _ in .refused }, over: store)
    }
}
