import CacheStores
import CacheStoresTesting
import Testing
import TokenVerification
import TokenVerificationTestSupport

/// T15 and "The cache" in `Behaviour.md`: what is kept, for how long, and for which caller.
@Suite(.timeLimit(.minutes(10))) struct CachingTests {
    private let scene = Scene()

    private func verifier(
        _ authority: ScriptedAuthority,
        _ cache: TokenCache,
        requiring requirements: TokenRequirements = .none
    ) throws -> AuthorityTokenVerifier<ScriptedAuthority> {
        try AuthorityTokenVerifier(authority: authority, requiring: requirements, cache: cache)
    }

    @Test(arguments: CacheKind.allCases)
    func `answers the second call from memory or the store`(kind: CacheKind) async throws {
        let authority = scene.accepting()
        let verifier = try verifier(authority, scene.cache(kind))
        let first = try await verifier.verification(of: BearerToken("abc"))
        let second = try await verifier.verification(of: BearerToken("abc"))
        #expect(first.source == .authority && second.source.isHit)
        #expect(first.token == second.token)
        #expect(try await verifier.source("abc") == (kind == .near || kind == .memory ? .memory : .store))
        #expect(authority.questions == 1)
    }

    @Test(arguments: [Duration?.none, .zero])
    func `keeps nothing without a time to live`(timeToLive: Duration?) async throws {
        for kind in CacheKind.allCases {
            let authority = scene.accepting()
            let verifier = try verifier(authority, scene.cache(kind, timeToLive: timeToLive))
            for _ in 0..<2 { #expect(try await verifier.source("abc") == .authority) }
            #expect(authority.questions == 2)
        }
    }

    @Test func `keeps nothing at a capacity of zero`() async throws {
        let verifier = try verifier(
            scene.accepting(),
            TokenCache(timeToLive: .seconds(300), capacity: 0, options: scene.options)
        )
        for _ in 0..<2 { #expect(try await verifier.source("abc") == .authority) }
    }

    @Test func `refuses negative numbers in words`() throws {
        #expect(throws: ConfigurationError.self) { try TokenCache(timeToLive: .seconds(-1)) }
        #expect(throws: ConfigurationError.self) { try TokenCache(timeToLive: .seconds(1), capacity: -1) }
    }

    @Test func `names an option that is out of range`() {
        let mistakes: [(String, (inout TokenCacheOptions) -> Void)] = [
            ("questions.maximum ", { $0.questions.maximum = 0 }),
            ("questions.maximumWaiting ", { $0.questions.maximumWaiting = -1 }),
            ("questions.waitLimit ", { $0.questions.waitLimit = .seconds(-1) }),
            ("refusals.timeToLive ", { $0.refusals.timeToLive = .seconds(-1) }),
            ("refusals.capacity ", { $0.refusals.capacity = -1 }),
            ("refusals.capacity ", { ($0.refusals.timeToLive, $0.refusals.capacity) = (.seconds(1), .max) }),
            ("stale.grace ", { $0.stale.grace = .seconds(-1) }),
            ("stale.retryInterval ", { $0.stale.retryInterval = .seconds(-1) }),
            ("breaker.threshold ", { $0.breaker.threshold = 0 }),
            ("breaker.pause ", { $0.breaker.pause = .seconds(-1) }),
            ("breaker.maximumRetryAfter ", { $0.breaker.maximumRetryAfter = .seconds(301) }),
            ("fleet.leaseTime ", { $0.fleet.leaseTime = .zero }),
            ("fleet.leaseTime ", { $0.fleet.leaseTime = .seconds(301) }),
            ("near.life ", { $0.near.life = .seconds(-1) }),
            ("near.capacity ", { $0.near.capacity = -1 }),
            ("near.capacity ", { $0.near.capacity = .max }),
            ("store.deadline ", { $0.store.deadline = .zero }),
            ("store.removalDeadline ", { $0.store.removalDeadline = .zero }),
            ("store.openedRecordCapacity ", { $0.store.openedRecordCapacity = -1 }),
            ("store.openedRecordCapacity ", { $0.store.openedRecordCapacity = .max }),
        ]
        for (name, mistake) in mistakes {
            var options = TokenCacheOptions()
            mistake(&options)
            let error = #expect(throws: ConfigurationError.self) {
                try TokenCache(timeToLive: .seconds(1), options: options)
            }
            #expect(error?.message.hasPrefix(name) == true, "\(name)")
        }
    }

    @Test(arguments: [-1, .max])
    func `names a capacity that is out of range`(capacity: Int) {
        let error = #expect(throws: ConfigurationError.self) {
            try TokenCache(timeToLive: .seconds(1), capacity: capacity)
        }
        #expect(error?.message.hasPrefix("capacity ") == true)
    }

    /// A duration can be longer than its components can say.
    @Test(arguments: CacheKind.allCases)
    func `takes any duration for one without an end`(kind: CacheKind) async throws {
        let endless = Duration.seconds(1e19)
        #expect(scene.clock.now.advanced(by: endless) == .distantFuture)
        #expect(scene.clock.now.advanced(by: .zero - endless) == .distantPast)
        let cache = try scene.cache(kind, timeToLive: endless)
        let requirements = TokenRequirements(maximumAge: endless, leeway: endless)
        let authority = ScriptedAuthority { [scene] token in
            var content = scene.answer(to: token).content
            content.issuedAt = scene.clock.now
            return .accepted(VerifiedToken(content), cacheable: true)
        }
        let verifier = try AuthorityTokenVerifier(
            authority: authority,
            requiring: requirements,
            cache: cache
        )
        for _ in 0..<3 { _ = try await verifier.source("abc") }
        #expect(try await verifier.source("abc").isHit)
    }

    /// The store takes its time.
    @Test func `an answer is too old that was not when the store was asked`() async throws {
        let store = try ScriptedByteStore(clock: scene.wallClock)
        var options = scene.options
        options.stale.grace = .seconds(600)
        let verifier = try scene.verifier(scene.accepting(), over: store, options: options)
        _ = try await verifier.source("abc")
        let gate = Gate()
        store.hold(.lookup, at: gate)
        let caller = Task { try await verifier.source("abc") }
        try await eventually { store.count(of: .lookup) > 2 }
        scene.clock.advance(by: .seconds(301))
        gate.open()
        #expect(try await caller.value == .authority)
    }

    @Test(arguments: CacheKind.allCases)
    func `keeps an answer for the time to live and no longer`(kind: CacheKind) async throws {
        let verifier = try verifier(scene.accepting(), scene.cache(kind, timeToLive: .seconds(300)))
        _ = try await verifier.source("abc")
        scene.clock.advance(by: .milliseconds(299_999))
        #expect(try await verifier.source("abc").isHit)
        scene.clock.advance(by: .milliseconds(1))
        #expect(try await verifier.source("abc") == .authority)
    }

    @Test(arguments: CacheKind.allCases)
    func `T15 keeps no answer past the token's expiry`(kind: CacheKind) async throws {
        let authority = scene.accepting(life: .seconds(10))
        let verifier = try verifier(authority, scene.cache(kind))
        _ = try await verifier.source("abc")
        scene.clock.advance(by: .milliseconds(9_999))
        #expect(try await verifier.source("abc").isHit)
        scene.clock.advance(by: .milliseconds(1))
        #expect(try await verifier.source("abc") == .authority, "at exactly its expiry the token is expired")
    }

    @Test(arguments: CacheKind.allCases)
    func `takes an expiry of zero for an expiry`(kind: CacheKind) async throws {
        let authority = ScriptedAuthority { [scene] token in
            var content = scene.answer(to: token).content
            content.expiry = Timestamp(millisecondsSince1970: 0)
            return .accepted(VerifiedToken(content), cacheable: true)
        }
        let cache = try scene.cache(kind)
        for round in 1...2 {
            await expect(.expired) { try await verifier(authority, cache).source("abc") }
            #expect(authority.questions == round)
        }
    }

    @Test(arguments: CacheKind.allCases)
    func `does not keep an answer of which part is missing`(kind: CacheKind) async throws {
        let verifier = try verifier(scene.accepting(isCacheable: false), scene.cache(kind))
        for _ in 0..<2 { #expect(try await verifier.source("abc") == .authority) }
    }

    @Test(arguments: CacheKind.allCases)
    func `keeps no failure`(kind: CacheKind) async throws {
        let authority = ScriptedAuthority { _ throws(VerificationError) in
            throw VerificationError(.unreachable)
        }
        let verifier = try verifier(authority, scene.cache(kind))
        for _ in 0..<2 { await expect(.unreachable) { try await verifier.source("abc") } }
        authority.nowAnswers { [scene] in .accepted(scene.answer(to: $0), cacheable: true) }
        #expect(try await verifier.source("abc") == .authority)
    }

    @Test(arguments: CacheKind.allCases)
    func `checks requirements on every call, hit or not`(kind: CacheKind) async throws {
        let cache = try scene.cache(kind)
        let authority = scene.accepting(scopes: ["read"])
        let reader = try verifier(authority, cache, requiring: .scopes("read"))
        let writer = try verifier(authority, cache, requiring: .scopes("write"))
        for _ in 0..<3 {
            _ = try await reader.source("abc")
            await expect(.missingScope) { try await writer.source("abc") }
        }
        #expect(authority.questions == 1, "the answer is shared, the decision is not")
    }

    @Test(arguments: CacheKind.allCases)
    func `never answers one authority's question with another's answer`(kind: CacheKind) async throws {
        let cache = try scene.cache(kind)
        let identities = [
            AuthorityIdentity(kind: "introspection", parameters: ["endpoint": "https://a", "client": "c"]),
            AuthorityIdentity(kind: "introspection", parameters: ["endpoint": "https://b", "client": "c"]),
            AuthorityIdentity(kind: "introspection", parameters: ["endpoint": "https://a", "client": "d"]),
            AuthorityIdentity(kind: "introspection", parameters: ["endpoint": "https://a"]),
            AuthorityIdentity(kind: "github", parameters: ["endpoint": "https://a", "client": "c"]),
            AuthorityIdentity(kind: "introspection", parameters: ["endpoint": "https://acclient"]),
        ]
        for identity in identities {
            #expect(
                try await verifier(scene.accepting(identity: identity), cache).source("abc") == .authority
            )
        }
        let again = scene.accepting(identity: identities[0])
        #expect(try await verifier(again, cache).source("abc").isHit)
    }

    @Test(arguments: CacheKind.allCases)
    func `tells tokens apart however much they share`(kind: CacheKind) async throws {
        let shared = String(repeating: "x", count: 8_190)
        let texts = ["a" + shared, "b" + shared, shared + "a", shared + "b", shared, shared + "aa", "a", "b"]
        let verifier = try verifier(scene.accepting(), scene.cache(kind))
        for text in texts { _ = try await verifier.source(text) }
        for text in texts {
            let verification = try await verifier.verification(of: BearerToken(text))
            #expect(verification.source.isHit && verification.token.subject == "subject of " + text)
        }
    }

    @Test func `never serves a reader an answer older than its own time to live`() async throws {
        let store = try MemoryStore<[UInt8]>(clock: scene.wallClock)
        func cache(_ timeToLive: Duration) throws -> TokenCache {
            try TokenCache(store: store, timeToLive: timeToLive, sealing: .tokenOnly, options: scene.options)
        }
        let authority = scene.accepting()
        let patient = try verifier(authority, cache(.seconds(300)))
        let strict = try verifier(authority, cache(.seconds(10)))
        _ = try await patient.source("abc")
        scene.clock.advance(by: .milliseconds(9_999))
        #expect(try await strict.source("abc").isHit)
        scene.clock.advance(by: .milliseconds(1))
        #expect(try await patient.source("abc").isHit)
        #expect(try await strict.source("abc") == .authority)
    }

    @Test func `counts the time to live from the beginning of the question`() async throws {
        let authority = ScriptedAuthority { [scene] token in
            let answer = scene.answer(to: token)
            scene.clock.advance(by: .seconds(9))
            return .accepted(answer, cacheable: true)
        }
        let verifier = try verifier(authority, scene.cache(.memory, timeToLive: .seconds(10)))
        _ = try await verifier.source("abc")
        #expect(try await verifier.source("abc").isHit)
        scene.clock.advance(by: .seconds(1))
        #expect(try await verifier.source("abc") == .authority)
    }

    @Test func `does not believe an answer from the future`() async throws {
        let verifier = try verifier(scene.accepting(), scene.cache(.memory))
        _ = try await verifier.source("abc")
        scene.clock.advance(by: .seconds(-60))
        #expect(try await verifier.source("abc").isHit, "clocks differ a little")
        scene.clock.advance(by: .milliseconds(-1))
        #expect(try await verifier.source("abc") == .authority)
    }

    @Test func `refuses an unknown prefix before a key is made`() async throws {
        let authority = scene.accepting()
        let store = try ScriptedByteStore(clock: scene.wallClock)
        let cache = try TokenCache(
            store: store,
            timeToLive: .seconds(1),
            sealing: .tokenOnly,
            options: scene.options
        )
        let verifier = try verifier(
            authority,
            cache,
            requiring: TokenRequirements(prefixes: ["gho_", "ghp_"])
        )
        await expect(.unknownPrefix) { try await verifier.source("abc") }
        #expect(authority.questions == 0 && store.count(of: .lookup) == 0)
        #expect(try await verifier.source("ghp_abc") == .authority)
    }
}
