import CacheStores
import CacheStoresTesting
import Testing
import TokenVerification
import TokenVerificationTestSupport

/// One question per fleet: several caches, as several processes have them, over one store.
///
/// Real processes do the same in the tests of TokenGate.
@Suite(.timeLimit(.minutes(10))) struct FleetTests {
    private let scene = Scene()
    private let store: ScriptedByteStore

    init() throws {
        store = try ScriptedByteStore(clock: scene.wallClock)
    }

    private var options: TokenCacheOptions {
        var options = scene.options
        options.fleet.isOn = true
        options.fleet.leaseTime = .seconds(30)
        options.store.deadline = .seconds(30)
        return options
    }

    /// A process of the fleet.
    private func process(
        _ authority: ScriptedAuthority,
        _ options: TokenCacheOptions? = nil
    ) throws -> AuthorityTokenVerifier<ScriptedAuthority> {
        try scene.verifier(authority, over: store, options: options ?? self.options)
    }

    /// Takes the lease on a token as a process does that dies before it answers.
    private func leaveLease(on text: String, at authority: ScriptedAuthority) async throws {
        let dying = try process(authority)
        let gate = Gate()
        authority.nowAnswers { _ throws(VerificationError) in
            await gate.pass()
            throw VerificationError(.timedOut)
        }
        store.fail(.release)
        let asked = authority.questions
        let caller = Task { try await dying.source(text) }
        try await eventually { authority.questions == asked + 1 }
        gate.open()
        await expect(.timedOut) { try await caller.value }
        store.recover()
        authority.nowAnswers { [scene] in .accepted(scene.answer(to: $0), cacheable: true) }
    }

    @Test func `asks once for 32 callers in each of three processes`() async throws {
        let gate = Gate()
        let authority = ScriptedAuthority { [scene] token in
            await gate.pass()
            return .accepted(scene.answer(to: token), cacheable: true)
        }
        let processes = try (0..<3).map { _ in try process(authority) }
        let callers = processes.flatMap { process in
            (0..<32).map { _ in Task { try await process.source("abc") } }
        }
        // Each process has tried to take the lease.
        try await eventually { authority.questions == 1 && store.count(of: .lease) >= 3 }
        gate.open()
        var sources: [Verification.Source] = []
        for caller in callers { sources.append(try await caller.value) }
        #expect(authority.questions == 1 && sources.count == 96)
        #expect(sources.count { $0 == .authority } == 1)
        #expect(processes.map(\.cache.statistics.fleetAnswers).reduce(0, +) == 2)
    }

    @Test func `is not delayed by a holder that shut down`() async throws {
        let gate = Gate()
        let authority = ScriptedAuthority { [scene] token in
            await gate.pass()
            return .accepted(scene.answer(to: token), cacheable: true)
        }
        var options = options
        options.store.isShutDownWithCache = false
        let (first, second) = (try process(authority, options), try process(authority, options))
        let caller = Task { try await first.source("abc") }
        try await eventually { authority.questions == 1 }
        let release = Gate()
        store.hold(.release, at: release)
        async let end: Void = first.cache.shutdown()
        try await eventually { store.count(of: .release) == 1 }
        release.open()
        await expect(.shutDown) { try await caller.value }
        await end
        gate.open()
        let tried = store.count(of: .lease)
        #expect(try await second.source("abc") == .authority)
        #expect(store.count(of: .lease) == tried + 1, "the lease was free")
    }

    @Test func `is delayed by a holder that died until its lease ends`() async throws {
        let authority = scene.accepting()
        try await leaveLease(on: "abc", at: authority)
        let process = try process(authority)
        let (asked, tried) = (authority.questions, store.count(of: .lease))
        let caller = Task { try await process.source("abc") }
        try await eventually { store.count(of: .lease) >= tried + 3 }
        #expect(authority.questions == asked)
        scene.clock.advance(by: .seconds(30))
        #expect(try await caller.value == .authority)
    }

    @Test(arguments: [(50, 10_000), (60_000, 50)])
    func `waits no longer than a lease lasts, or a question takes`(lease: Int, deadline: Int) async throws {
        let authority = ScriptedAuthority(deadline: .milliseconds(deadline)) { _ in .refused }
        try await leaveLease(on: "abc", at: authority)
        var options = options
        options.fleet.leaseTime = .milliseconds(lease)
        // The store's clock stands still, so the lease never ends.
        #expect(try await process(authority, options).source("abc") == .authority)
    }

    @Test func `polls with back-off`() async throws {
        let authority = scene.accepting()
        try await leaveLease(on: "abc", at: authority)
        var options = options
        options.fleet.leaseTime = .milliseconds(300)
        let before = (store.count(of: .lease), store.count(of: .lookup))
        #expect(try await process(authority, options).source("abc") == .authority)
        // 2.5 + 5 + 10 + 20 + 40 + 50 + 50 … milliseconds at the least.
        #expect(store.count(of: .lease) - before.0 <= 11)
        #expect(store.count(of: .lookup) - before.1 <= 13)
    }

    @Test(arguments: [[ScriptedByteStore.Operation.lease], [.release], [.lease, .lookup, .set, .release]])
    func `lets no failing lease fail a login`(failing: [ScriptedByteStore.Operation]) async throws {
        let authority = scene.accepting()
        for operation in failing { store.fail(operation) }
        #expect(try await process(authority).source("abc") == .authority)
        #expect(authority.questions == 1)
    }

    @Test func `lets no lease that hangs fail a login`() async throws {
        var options = options
        options.store.deadline = .milliseconds(10)
        let gate = Gate()
        store.hold(.lease, at: gate)
        #expect(try await process(scene.accepting(), options).source("abc") == .authority)
        gate.open()
    }

    @Test(arguments: [Verdict.refused, nil])
    func `makes way for the next process at once if there is nothing to keep`(verdict: Verdict?) async throws
    {
        let authority = ScriptedAuthority { _ throws(VerificationError) in
            guard let verdict else { throw VerificationError(.failed) }
            return verdict
        }
        for round in 1...2 {
            let error = await #expect(throws: VerificationError.self) {
                try await process(authority).source("abc")
            }
            #expect(error?.reason == (verdict == nil ? .failed : .refused))
            #expect(authority.questions == round && store.count(of: .lease) == round)
        }
    }

    @Test func `looks once more when it has the lease`() async throws {
        let authority = scene.accepting()
        let gate = Gate()
        store.hold(.lease, at: gate)
        let late = try process(authority)
        let caller = Task { try await late.source("abc") }
        try await eventually { store.count(of: .lease) == 1 }
        let other = Gate()
        other.open()
        store.hold(.lease, at: other)
        #expect(try await process(authority).source("abc") == .authority)
        gate.open()
        #expect(try await caller.value == .store)
        #expect(authority.questions == 1 && late.cache.statistics.fleetAnswers == 1)
        #expect(store.count(of: .release) == 2)
    }

    @Test func `takes no lease on a question that is not asked`() async throws {
        let authority = ScriptedAuthority { _ throws(VerificationError) in
            throw VerificationError(.rateLimited, retryAfter: .seconds(60))
        }
        let process = try process(authority)
        for text in ["a", "b", "c"] { await expect(.rateLimited) { try await process.source(text) } }
        #expect(store.count(of: .lease) == 1 && authority.questions == 1)
    }

    @Test func `needs a store that knows leases`() throws {
        #expect(throws: ConfigurationError.self) {
            try TokenCache(store: PlainStore(), timeToLive: .seconds(300), options: options)
        }
        _ = try TokenCache(timeToLive: .seconds(300), options: options)
    }
}
