import CacheStores
import CacheStoresTesting
import Synchronization
import Testing
import TokenVerification
import TokenVerificationTestSupport

/// One deadline bounds a call, whatever hangs.
///
/// The single steps could take a minute each here.
@Suite(.timeLimit(.minutes(10))) struct CallDeadlineTests {
    private let scene = Scene()
    private let store: ScriptedByteStore
    /// Holds up what hangs, to the end of the test.
    private let gate = Gate()

    init() throws {
        store = try ScriptedByteStore(clock: scene.wallClock)
    }

    private var options: TokenCacheOptions {
        var options = scene.options
        options.deadline = .seconds(1)
        return options
    }

    private func hanging() -> ScriptedAuthority {
        ScriptedAuthority { [gate] _ throws(VerificationError) in
            await gate.pass()
            throw VerificationError(.cancelled)
        }
    }

    /// Expects that a call ends long before any single step would.
    private func inTime<Result>(_ call: () async throws -> Result) async rethrows -> Result {
        let start = ContinuousClock.now
        defer { gate.open() }
        let result = try await call()
        #expect(start.duration(to: .now) < .seconds(30))
        return result
    }

    @Test(arguments: [nil, Duration.seconds(300)])
    func `an authority that hangs`(timeToLive: Duration?) async throws {
        let cache = try TokenCache(timeToLive: timeToLive, options: options)
        let verifier = try scene.verifier(hanging(), cache)
        await inTime { await expect(.timedOut) { try await verifier.source("abc") } }
    }

    @Test(arguments: [ScriptedByteStore.Operation.lookup, .readMarks, .set, .lease, .release])
    func `a store that hangs`(operation: ScriptedByteStore.Operation) async throws {
        var options = options
        options.fleet.isOn = true
        options.fleet.leaseTime = .seconds(60)
        options.revocation.isOn = true
        store.hold(operation, at: gate)
        let verifier = try scene.verifier(scene.accepting(), over: store, options: options)
        await inTime { _ = try? await verifier.source("abc") }
    }

    @Test func `without limits a question has all the time there is`() async throws {
        var options = options
        options.deadline = .seconds(Int64.max)
        options.store.deadline = .seconds(Int64.max)
        let verifier = try scene.verifier(scene.accepting(), over: store, options: options)
        #expect(try await verifier.source("abc") == .authority)
    }

    @Test func `a store and an authority that hang`() async throws {
        var options = options
        options.fleet.isOn = true
        options.revocation.isOn = true
        for operation: ScriptedByteStore.Operation in [.lookup, .set, .remove, .lease, .release, .readMarks] {
            store.hold(operation, at: gate)
        }
        let verifier = try scene.verifier(hanging(), over: store, options: options)
        await inTime { await expect(.timedOut) { try await verifier.source("abc") } }
    }

    @Test func `a lease that another process holds`() async throws {
        var options = options
        options.fleet.isOn = true
        options.fleet.leaseTime = .seconds(60)
        let authority = hanging()
        let (one, two) = (
            try scene.verifier(authority, over: store, options: options),
            try scene.verifier(authority, over: store, options: options)
        )
        await inTime {
            async let first: Void = expect(.timedOut) { try await one.source("abc") }
            async let second: Void = expect(.timedOut) { try await two.source("abc") }
            _ = await (first, second)
        }
    }

    @Test func `a place in the queue`() async throws {
        var options = options
        options.questions.maximum = 1
        options.questions.waitLimit = .seconds(60)
        let cache = try TokenCache(timeToLive: .seconds(300), options: options)
        let verifier = try scene.verifier(hanging(), cache)
        await inTime {
            async let first = error(of: verifier, "abc")
            async let second = error(of: verifier, "def")
            for error in await [first, second] { #expect(error?.code == .unavailable) }
        }
    }

    /// An authority whose kept answers have to be checked, which hangs.
    private final class Checking: TokenAuthority {
        let identity = AuthorityIdentity(kind: "checking", parameters: [:])
        let checksKeptAnswers = true
        let checks = Atomic(0)
        private let scene: Scene
        private let gate: Gate
        private let life: Duration?

        init(scene: Scene, gate: Gate, life: Duration? = nil) {
            self.scene = scene
            self.gate = gate
            self.life = life
        }

        func verdict(on token: BearerToken, clock: WallClock) async throws(VerificationError) -> Verdict {
            .accepted(scene.answer(to: token, life: life), cacheable: true)
        }

        func checkKept(_ answer: VerifiedToken) async throws(VerificationError) {
            checks.add(1, ordering: .sequentiallyConsistent)
            await gate.pass()
        }
    }

    @Test func `an answer that expires while it is checked is not accepted`() async throws {
        let authority = Checking(scene: scene, gate: gate, life: .seconds(10))
        let verifier = try AuthorityTokenVerifier(authority: authority, cache: scene.cache(.memory))
        _ = try await verifier.verify(BearerToken("abc"))
        let caller = Task { try await verifier.verify(BearerToken("abc")) }
        try await eventually { authority.checks.load(ordering: .sequentiallyConsistent) > 0 }
        scene.clock.advance(by: .seconds(10))
        gate.open()
        await expect(.expired) { try await caller.value }
    }

    @Test(arguments: [CacheKind.memory, .sealed])
    func `a check of a kept answer`(kind: CacheKind) async throws {
        let cache =
            switch kind {
            case .memory: try TokenCache(timeToLive: .seconds(300), options: options)
            default:
                try TokenCache(
                    store: store,
                    timeToLive: .seconds(300),
                    sealing: .secret(secret(1)),
                    options: options
                )
            }
        let authority = Checking(scene: scene, gate: gate)
        let verifier = try AuthorityTokenVerifier(authority: authority, cache: cache)
        let token = try BearerToken("abc")
        _ = try await verifier.verification(of: token)
        await inTime { await expect(.timedOut) { try await verifier.verification(of: token) } }
    }

    /// Five questions that had no time to be answered: the authority is asked on.
    @Test func `a question that is cut short says nothing of the authority`() async throws {
        var options = options
        options.store.deadline = .milliseconds(900)
        options.breaker.threshold = 100
        store.hold(.lookup, at: gate)
        let authority = hanging()
        let verifier = try scene.verifier(authority, over: store, options: options)
        for number in 0..<6 { await expect(.timedOut) { try await verifier.source("\(number)") } }
        authority.nowAnswers { [scene] in .accepted(scene.answer(to: $0), cacheable: true) }
        gate.open()
        #expect(try await verifier.source("another") == .authority)
    }

    @Test func `leaves time for an old answer`() async throws {
        var options = options
        // A quarter of it is left when the authority has had its share.
        options.deadline = .seconds(8)
        options.stale.grace = .seconds(600)
        let authority = scene.accepting()
        let verifier = try scene.verifier(authority, over: store, options: options)
        _ = try await verifier.source("abc")
        scene.clock.advance(by: .seconds(301))
        authority.nowAnswers { [gate] _ throws(VerificationError) in
            await gate.pass()
            throw VerificationError(.cancelled)
        }
        let start = ContinuousClock.now
        do {
            #expect(try await inTime { try await verifier.source("abc") } == .stale)
        } catch {
            #expect(start.duration(to: .now) >= options.deadline, "the machine was too busy for any answer")
        }
    }

    /// A look-up, marks, the flight's own look-up, its marks, and the write would each wait for the store.
    @Test func `a store that hangs is waited for once`() async throws {
        var options = scene.options
        options.store.deadline = .milliseconds(200)
        options.revocation.isOn = true
        for operation: ScriptedByteStore.Operation in [.lookup, .readMarks, .set] {
            store.hold(operation, at: gate)
        }
        let verifier = try scene.verifier(scene.accepting(), over: store, options: options)
        #expect(try await verifier.source("abc") == .authority)
        #expect(store.count(of: .lookup) == 1)
        #expect(store.count(of: .readMarks) == 0 && store.count(of: .set) == 0)
        gate.open()
    }

    @Test(arguments: [Duration.zero, .seconds(-1)])
    func `a deadline that has passed from the beginning is an error`(deadline: Duration) {
        var options = options
        options.deadline = deadline
        #expect(throws: ConfigurationError.self) {
            try TokenCache(timeToLive: .seconds(300), options: options)
        }
    }
}
