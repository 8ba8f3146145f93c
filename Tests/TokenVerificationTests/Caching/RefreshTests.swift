import CacheStores
import CacheStoresTesting
import Testing
import TokenVerification
import TokenVerificationTestSupport

/// Answers in use are asked about again before they expire, while callers go on with the old answer.
@Suite(.timeLimit(.minutes(10))) struct RefreshTests {
    private let scene = Scene()
    private let store: ScriptedByteStore

    init() throws {
        store = try ScriptedByteStore(clock: scene.wallClock)
    }

    private var options: TokenCacheOptions {
        var options = scene.options
        options.refresh.after = .seconds(100)
        return options
    }

    /// A verifier with a cache of its own over the one store, as another process has one.
    private func process(
        _ authority: ScriptedAuthority,
        _ options: TokenCacheOptions? = nil,
        near: Duration? = nil
    ) throws -> AuthorityTokenVerifier<ScriptedAuthority> {
        try scene.verifier(authority, over: store, options: options ?? self.options, near: near)
    }

    /// An authority that accepts a token, and holds up every later question at a gate.
    private func gated(_ gate: Gate, _ verdict: @escaping ScriptedAuthority.Answer) -> ScriptedAuthority {
        let first = scene.accepting()
        return ScriptedAuthority { token throws(VerificationError) in
            if first.questions == 0 { return try await first.verdict(on: token, clock: .system) }
            await gate.pass()
            return try await verdict(token)
        }
    }

    private func accept(_ token: BearerToken) -> Verdict {
        .accepted(scene.answer(to: token), cacheable: true)
    }

    @Test(arguments: CacheKind.allCases)
    func `a token in use is asked about once, and its callers never wait`(kind: CacheKind) async throws {
        let authority = scene.accepting()
        let cache = try scene.cache(kind, options: options)
        let verifier = try scene.verifier(authority, cache)
        _ = try await verifier.source("abc")
        for round in 1...9 {
            scene.clock.advance(by: .seconds(100))
            // The flight of the last round may not have ended yet.
            try await eventually {
                let source = try await verifier.source("abc")
                #expect(source.isHit)
                return cache.statistics.refreshes == round
            }
            for _ in 0..<20 { #expect(try await verifier.source("abc").isHit) }
        }
        #expect(authority.questions == 10)
        #expect(cache.statistics.questions == 10)
    }

    @Test func `an answer is not due before nine tenths of the time`() async throws {
        let authority = scene.accepting()
        let verifier = try process(authority)
        for number in 0..<50 { _ = try await verifier.source("\(number)") }
        scene.clock.advance(by: .milliseconds(89_999))
        for number in 0..<50 { #expect(try await verifier.source("\(number)") == .store) }
        await verifier.cache.shutdown()
        #expect(authority.questions == 50)
    }

    /// Marks are known for a second where the store tells of none, so most uses look them up.
    @Test func `a token in memory is refreshed where marks are used`() async throws {
        var options = options
        options.revocation.isOn = true
        let authority = scene.accepting()
        let cache = try TokenCache(timeToLive: .seconds(300), options: options)
        let verifier = try scene.verifier(authority, cache)
        #expect(try await verifier.source("abc") == .authority)
        for round in 1...3 {
            scene.clock.advance(by: .seconds(100))
            try await eventually {
                let source = try await verifier.source("abc")
                #expect(source.isHit)
                return cache.statistics.refreshes == round
            }
        }
    }

    @Test func `an answer that is not kept causes no storm of questions`() async throws {
        let authority = scene.accepting()
        let verifier = try process(authority)
        _ = try await verifier.source("abc")
        store.fail(.set)
        scene.clock.advance(by: .seconds(100))
        for _ in 0..<190 {
            #expect(try await verifier.source("abc") == .store)
            scene.clock.advance(by: .seconds(1))
        }
        await verifier.cache.shutdown()
        #expect((2...5).contains(authority.questions))
    }

    @Test func `a token that is not used is not asked about`() async throws {
        let authority = scene.accepting()
        let verifier = try process(authority)
        _ = try await verifier.source("abc")
        scene.clock.advance(by: .seconds(299))
        await verifier.cache.shutdown()
        #expect(authority.questions == 1)
    }

    @Test(arguments: [false, true])
    func `a refusal ends the answer in every process`(storeFails: Bool) async throws {
        let authority = scene.accepting()
        let (one, two) = (try process(authority, near: .seconds(5)), try process(authority))
        _ = try await one.source("abc")
        #expect(try await two.source("abc") == .store)
        authority.nowAnswers { _ in .refused }
        scene.clock.advance(by: .seconds(100))
        if storeFails { store.fail(.remove) }
        #expect(try await one.source("abc").isHit)
        try await eventually { one.cache.statistics.refusedRefreshes == 1 }
        await expect(.refused) { try await one.source("abc") }
        if storeFails {
            #expect(try await two.source("abc") == .store)
            try await eventually { two.cache.statistics.refusedRefreshes == 1 }
        }
        await expect(.refused) { try await two.source("abc") }
        #expect(store.holds.allSatisfy { $0 > .seconds(60) })
    }

    @Test func `an outage changes nothing before the time to live ends`() async throws {
        let authority = scene.accepting()
        let verifier = try process(authority)
        _ = try await verifier.source("abc")
        authority.nowAnswers { _ throws(VerificationError) in throw VerificationError(.unreachable) }
        scene.clock.advance(by: .seconds(100))
        // The lease ends after a minute. The token is left alone for 50 s, which is half of what is left.
        for round in 1...3 {
            try await eventually {
                let source = try await verifier.source("abc")
                #expect(source == .store)
                return verifier.cache.statistics.failedRefreshes == round
            }
            for _ in 0..<20 { #expect(try await verifier.source("abc") == .store) }
            #expect(authority.questions == 1 + round)
            scene.clock.advance(by: .seconds(60))
        }
        scene.clock.advance(by: .seconds(20))
        await expect(.unreachable) { try await verifier.source("abc") }
    }

    @Test func `the authority is not asked while its breaker is open`() async throws {
        let authority = scene.accepting()
        let verifier = try process(authority)
        _ = try await verifier.source("abc")
        scene.clock.advance(by: .seconds(100))
        authority.nowAnswers { _ throws(VerificationError) in throw VerificationError(.unreachable) }
        await open(verifier)
        #expect(try await verifier.source("abc") == .store)
        try await eventually { verifier.cache.statistics.failedRefreshes == 1 }
        #expect(authority.questions == 6)
    }

    @Test(arguments: [false, true])
    func `a token that is forgotten meanwhile is not revived`(elsewhere: Bool) async throws {
        let gate = Gate()
        let authority = gated(gate) { [self] in accept($0) }
        let (one, two) = (try process(authority), try process(authority))
        _ = try await one.source("abc")
        _ = try await two.source("abc")
        scene.clock.advance(by: .seconds(100))
        #expect(try await one.source("abc") == .store)
        try await eventually { authority.questions == 2 }
        try await (elsewhere ? two : one).cache.forget(BearerToken("abc"))
        gate.open()
        try await eventually { one.cache.statistics.refreshes == 1 }
        #expect(try await store.wrapped.count() == 0)
        if !elsewhere { #expect(store.count(of: .set) == 1, "it is not even written") }
        scene.clock.advance(by: .seconds(2))
        #expect(try await one.source("abc") == .authority)
    }

    @Test func `a token that was forgotten before is not refreshed`() async throws {
        let gate = Gate()
        let authority = scene.accepting()
        let (one, two) = (try process(authority), try process(authority))
        _ = try await one.source("abc")
        scene.clock.advance(by: .seconds(100))
        store.hold(.lease, at: gate)
        #expect(try await one.source("abc") == .store)
        try await two.cache.forget(BearerToken("abc"))
        gate.open()
        try await eventually { one.cache.statistics.unneededRefreshes == 1 }
        #expect(authority.questions == 1)
    }

    @Test(arguments: [false, true])
    func `a mark that comes meanwhile ends the answer`(elsewhere: Bool) async throws {
        var options = options
        options.revocation.isOn = true
        let gate = Gate()
        let authority = gated(gate) { [self] in accept($0) }
        let (one, two) = (try process(authority, options), try process(authority, options))
        _ = try await one.source("abc")
        _ = try await two.source("abc")
        scene.clock.advance(by: .seconds(100))
        #expect(try await one.source("abc") == .store)
        try await eventually { authority.questions == 2 }
        let subject = "subject of abc"
        try await (elsewhere ? two : one).cache.forgetAll(ofSubject: subject)
        gate.open()
        try await eventually { one.cache.statistics.refreshes == 1 }
        scene.clock.advance(by: .seconds(2))
        #expect(try await one.source("abc") == .authority)
    }

    @Test func `one process of a fleet asks, and the others find its answer`() async throws {
        let gate = Gate()
        let authority = gated(gate) { [self] in accept($0) }
        let processes = try (0..<3).map { _ in try process(authority, near: .seconds(5)) }
        for verifier in processes { _ = try await verifier.source("abc") }
        scene.clock.advance(by: .seconds(100))
        for verifier in processes { #expect(try await verifier.source("abc").isHit) }
        try await eventually {
            processes.map(\.cache.statistics.unneededRefreshes).reduce(0, +) == 2 && authority.questions == 2
        }
        gate.open()
        try await eventually { processes.map(\.cache.statistics.refreshes).reduce(0, +) == 1 }
        scene.clock.advance(by: .seconds(6))
        for verifier in processes { #expect(try await verifier.source("abc").isHit) }
        scene.clock.advance(by: .seconds(250))
        for verifier in processes { #expect(try await verifier.source("abc").isHit) }
    }

    @Test func `no miss waits for refreshes, which have a share of their own`() async throws {
        var options = options
        options.questions.maximum = 4
        options.questions.maximumWaiting = 0
        let gate = Gate()
        let authority = scene.accepting()
        let verifier = try process(authority, options)
        for number in 0..<8 { _ = try await verifier.source("\(number)") }
        scene.clock.advance(by: .seconds(100))
        authority.nowAnswers { [self] token in
            if token.text.count == 1 { await gate.pass() }
            return accept(token)
        }
        for number in 0..<8 { #expect(try await verifier.source("\(number)") == .store) }
        try await eventually { authority.questions == 9 }
        #expect(try await verifier.source("another") == .authority)
        #expect(authority.questions == 10, "a quarter of four questions is one")
        gate.open()
        try await eventually { verifier.cache.statistics.refreshes == 1 }
        try await eventually {
            for number in 0..<8 { _ = try await verifier.source("\(number)") }
            return verifier.cache.statistics.refreshes == 8
        }
    }

    @Test func `a signature is not verified ahead`() async throws {
        let authority = SigningAuthority(scene.wallClock)
        let cache = try TokenCache(timeToLive: .seconds(300), options: options)
        let verifier = try AuthorityTokenVerifier(authority: authority, cache: cache)
        let token = try BearerToken("ada.0.600000.s1")
        for _ in 0..<2 {
            _ = try await verifier.verification(of: token)
            scene.clock.advance(by: .seconds(200))
        }
        await cache.shutdown()
        #expect(authority.verifications == 1)
    }

    @Test func `shutting down ends a refresh`() async throws {
        let authority = scene.accepting()
        let verifier = try process(authority)
        _ = try await verifier.source("abc")
        scene.clock.advance(by: .seconds(100))
        authority.nowAnswers { _ throws(VerificationError) in
            try? await Task.sleep(for: .seconds(3_600))
            throw VerificationError(.cancelled)
        }
        #expect(try await verifier.source("abc") == .store)
        try await eventually { authority.questions == 2 }
        await verifier.cache.shutdown()
        #expect(verifier.cache.statistics.failedRefreshes == 1)
    }

    @Test(arguments: [Duration.zero, .seconds(-1), .milliseconds(99), .seconds(240), .seconds(300)])
    func `a time outside of the shortest life is an error`(after: Duration) throws {
        var options = options
        options.lifeJitter = 0.2
        options.refresh.after = after
        let error = #expect(throws: ConfigurationError.self) {
            try TokenCache(timeToLive: .seconds(300), options: options)
        }
        #expect(error.map { "\($0)".contains("refresh.after") } ?? false)
        #expect(throws: Never.self) { try TokenCache(timeToLive: nil, options: self.options) }
    }
}
