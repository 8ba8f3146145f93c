import CacheStores
import CacheStoresTesting
import Testing
import TokenVerification
import TokenVerificationTestSupport

/// Stale if error: an old answer while the authority is unavailable, and only then.
@Suite(.timeLimit(.minutes(10))) struct StaleTests {
    private let scene = Scene()
    private let store: ScriptedByteStore

    init() throws {
        store = try ScriptedByteStore(clock: scene.wallClock)
    }

    private func options(grace: Duration? = .seconds(600)) -> TokenCacheOptions {
        var options = scene.options
        options.stale.grace = grace
        // What breakers do is tested elsewhere.
        options.breaker.threshold = 1_000
        return options
    }

    private func verifier(
        _ authority: ScriptedAuthority,
        _ options: TokenCacheOptions? = nil,
        near: Duration? = nil,
        requiring requirements: TokenRequirements = .none
    ) throws -> AuthorityTokenVerifier<ScriptedAuthority> {
        try scene.verifier(
            authority,
            over: store,
            options: options ?? self.options(),
            near: near,
            requiring: requirements
        )
    }

    private func breakDown(_ authority: ScriptedAuthority, _ reason: VerificationError.Reason = .unreachable)
    {
        authority.nowAnswers { _ throws(VerificationError) in throw VerificationError(reason) }
    }

    @Test(arguments: CacheKind.allCases)
    func `stands in until its grace ends, in every kind of cache`(kind: CacheKind) async throws {
        let authority = scene.accepting()
        let memory = try MemoryStore<VerifiedToken>(clock: scene.wallClock)
        let cache =
            switch kind {
            case .memory: try TokenCache(timeToLive: .seconds(300), options: options())
            case .values:
                try TokenCache(
                    store: ValueStore(wrapped: memory),
                    timeToLive: .seconds(300),
                    options: options()
                )
            case .sealed, .near:
                try verifier(authority, near: kind == .near ? .seconds(5) : nil).cache
            }
        let verifier = try AuthorityTokenVerifier(authority: authority, cache: cache)
        _ = try await verifier.source("abc")
        breakDown(authority)
        scene.clock.advance(by: .milliseconds(299_999))
        #expect(try await verifier.source("abc").isHit)
        scene.clock.advance(by: .milliseconds(1))
        #expect(try await verifier.source("abc") == .stale)
        scene.clock.advance(by: .milliseconds(599_999))
        #expect(try await verifier.source("abc") == .stale)
        scene.clock.advance(by: .milliseconds(1))
        await expect(.unreachable) { try await verifier.source("abc") }
        #expect(cache.statistics.staleAnswers == 2)
    }

    @Test(arguments: [Duration?.none, .zero])
    func `is off unless asked for`(grace: Duration?) async throws {
        let authority = scene.accepting()
        let verifier = try verifier(authority, options(grace: grace))
        _ = try await verifier.source("abc")
        breakDown(authority)
        scene.clock.advance(by: .seconds(300))
        await expect(.unreachable) { try await verifier.source("abc") }
        #expect(throws: ConfigurationError.self) {
            try self.verifier(authority, options(grace: .seconds(-1)))
        }
    }

    @Test(arguments: VerificationError.Reason.allCases)
    func `stands in for an authority that can't be asked, and for nothing else`(
        reason: VerificationError.Reason
    ) async throws {
        let authority = scene.accepting()
        let verifier = try verifier(authority)
        _ = try await verifier.source("abc")
        breakDown(authority, reason)
        scene.clock.advance(by: .seconds(300))
        if [.unreachable, .timedOut, .rateLimited, .failed, .overloaded].contains(reason) {
            #expect(try await verifier.source("abc") == .stale)
        } else {
            await expect(reason) { try await verifier.source("abc") }
        }
    }

    @Test func `stands in while the authority's breaker is open, without a question`() async throws {
        let authority = scene.accepting()
        var options = options()
        options.stale.retryInterval = .zero
        let verifier = try verifier(authority, options)
        let texts = (0..<5).map { "abc\($0)" }
        for text in texts { _ = try await verifier.source(text) }
        breakDown(authority)
        scene.clock.advance(by: .seconds(300))
        for text in texts + texts + texts { #expect(try await verifier.source(text) == .stale) }
        #expect(authority.questions == 10)
    }

    @Test func `never outlives the token`() async throws {
        let authority = scene.accepting(life: .seconds(400))
        let verifier = try verifier(authority)
        _ = try await verifier.source("abc")
        breakDown(authority)
        scene.clock.advance(by: .milliseconds(399_999))
        #expect(try await verifier.source("abc") == .stale)
        scene.clock.advance(by: .milliseconds(1))
        await expect(.unreachable) { try await verifier.source("abc") }
    }

    @Test func `is asked about once per interval and key, and not in between`() async throws {
        let authority = scene.accepting()
        let verifier = try verifier(authority)
        for text in ["abc", "def"] { _ = try await verifier.source(text) }
        breakDown(authority)
        scene.clock.advance(by: .seconds(300))
        for round in 1...3 {
            for text in ["abc", "def"] {
                for _ in 0..<4 { #expect(try await verifier.source(text) == .stale) }
            }
            #expect(authority.questions == 2 + 2 * round)
            scene.clock.advance(by: .milliseconds(4_999))
            #expect(try await verifier.source("abc") == .stale)
            #expect(authority.questions == 2 + 2 * round)
            scene.clock.advance(by: .milliseconds(1))
        }
        authority.nowAnswers { [scene] in .accepted(scene.answer(to: $0), cacheable: true) }
        #expect(try await verifier.source("abc") == .authority)
    }

    @Test func `is reported as stale to every waiting caller`() async throws {
        let authority = scene.accepting()
        let verifier = try verifier(authority)
        _ = try await verifier.source("abc")
        let gate = Gate()
        authority.nowAnswers { _ throws(VerificationError) in
            await gate.pass()
            throw VerificationError(.timedOut)
        }
        scene.clock.advance(by: .seconds(300))
        let callers = (0..<8).map { _ in Task { try await verifier.source("abc") } }
        try await eventually { authority.questions == 2 }
        gate.open()
        for caller in callers { #expect(try await caller.value == .stale) }
    }

    @Test func `still has to satisfy the requirements`() async throws {
        let authority = scene.accepting(scopes: ["read"])
        _ = try await verifier(authority).source("abc")
        breakDown(authority)
        scene.clock.advance(by: .seconds(300))
        #expect(try await verifier(authority, requiring: .scopes("read")).source("abc") == .stale)
        await expect(.missingScope) {
            try await verifier(authority, requiring: .scopes("write")).source("abc")
        }
    }

    @Test func `is as old as this process allows, whichever process kept it`() async throws {
        let authority = scene.accepting()
        _ = try await verifier(authority).source("abc")
        breakDown(authority)
        let strict = try scene.verifier(
            authority,
            over: store,
            options: options(grace: .seconds(10)),
            timeToLive: .seconds(50)
        )
        scene.clock.advance(by: .milliseconds(59_999))
        #expect(try await strict.source("abc") == .stale)
        scene.clock.advance(by: .milliseconds(1))
        await expect(.unreachable) { try await strict.source("abc") }
    }

    @Test func `counts as live in the store, and makes way like any other`() async throws {
        let small = try MemoryStore<VerifiedToken>(capacity: 2, clock: scene.wallClock)
        let authority = scene.accepting()
        let cache = try TokenCache(store: small, timeToLive: .seconds(300), options: options())
        let verifier = try AuthorityTokenVerifier(authority: authority, cache: cache)
        for text in ["a", "b"] { _ = try await verifier.source(text) }
        scene.clock.advance(by: .seconds(300))
        #expect(try await small.count() == 2)
        _ = try await verifier.source("c")
        breakDown(authority)
        await expect(.unreachable) { try await verifier.source("a") }
        #expect(try await verifier.source("b") == .stale)
    }
}
