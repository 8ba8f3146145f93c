import CacheStores
import Synchronization
import Testing
import TokenVerification
import TokenVerificationTestSupport

@Suite(.timeLimit(.minutes(10))) struct SingleFlightTests {
    private final class Caller: Sendable {
        let task = Mutex<Task<Verification.Source, any Error>?>(nil)
    }

    @TaskLocal private static var caller: Int?

    private let scene = Scene()
    private let gate = Gate()

    /// An authority whose answers wait for the gate.
    private func gated() -> ScriptedAuthority {
        ScriptedAuthority { [scene, gate] token in
            await gate.pass()
            return .accepted(scene.answer(to: token), cacheable: true)
        }
    }

    private func verifier(
        _ authority: ScriptedAuthority,
        _ kind: CacheKind = .memory
    ) throws -> AuthorityTokenVerifier<ScriptedAuthority> {
        try AuthorityTokenVerifier(authority: authority, cache: scene.cache(kind))
    }

    @Test(arguments: CacheKind.allCases)
    func `asks once for 32 concurrent first uses`(kind: CacheKind) async throws {
        let authority = gated()
        let verifier = try verifier(authority, kind)
        let sources = try await withThrowingTaskGroup { group in
            for _ in 0..<32 { group.addTask { try await verifier.source("abc") } }
            try await eventually { authority.questions == 1 }
            gate.open()
            return try await group.reduce(into: [Verification.Source]()) { $0.append($1) }
        }
        #expect(authority.questions == 1)
        #expect(sources.count { $0 == .authority } == 1)
        #expect(sources.allSatisfy { $0 != .stale } && sources.count == 32)
    }

    @Test func `outlives its first caller`() async throws {
        let authority = gated()
        let verifier = try verifier(authority)
        let first = Task { try await verifier.source("abc") }
        try await eventually { authority.questions == 1 }
        let second = Task { try await verifier.source("abc") }
        first.cancel()
        await expect(.cancelled) { try await first.value }
        gate.open()
        #expect(try await [.sharedFlight, .memory].contains(second.value))
        #expect(authority.questions == 1)
    }

    @Test func `lands even when every caller left`() async throws {
        let authority = gated()
        let verifier = try verifier(authority)
        let callers = (0..<5).map { _ in Task { try await verifier.source("abc") } }
        try await eventually { authority.questions == 1 }
        for caller in callers {
            caller.cancel()
            await expect(.cancelled) { try await caller.value }
        }
        gate.open()
        try await eventually { try await verifier.source("abc").isHit }
        #expect(authority.questions == 1)
    }

    @Test func `tells those who stay though many left`() async throws {
        let authority = gated()
        let verifier = try verifier(authority)
        let callers = (0..<1_000).map { _ in Task { try await verifier.source("abc") } }
        try await eventually { authority.questions == 1 }
        for caller in callers[..<500] { caller.cancel() }
        for caller in callers[..<500] { await expect(.cancelled) { try await caller.value } }
        gate.open()
        for caller in callers[500...] {
            #expect(try await [.authority, .sharedFlight, .memory].contains(caller.value))
        }
        #expect(authority.questions == 1)
    }

    /// A question begins on its first caller's thread, where the system can do that: before that caller waits for it.
    @Test func `lets a caller leave that was cancelled before it waited`() async throws {
        let caller = Caller()
        let authority = ScriptedAuthority { [scene, gate] token in
            caller.task.withLock { $0 }?.cancel()
            await gate.pass()
            return .accepted(scene.answer(to: token), cacheable: true)
        }
        let verifier = try verifier(authority)
        let start = Gate()
        let task = Task {
            await start.pass()
            return try await verifier.source("abc")
        }
        caller.task.withLock { $0 = task }
        start.open()
        await expect(.cancelled) { try await task.value }
        gate.open()
        try await eventually { try await verifier.source("abc").isHit }
        #expect(authority.questions == 1)
    }

    @Test func `reports its failure to the waiting callers, and to no later one`() async throws {
        let authority = ScriptedAuthority { [gate] _ throws(VerificationError) in
            await gate.pass()
            throw VerificationError(.failed)
        }
        let verifier = try verifier(authority)
        let callers = (0..<5).map { _ in Task { try await verifier.source("abc") } }
        try await eventually { authority.questions == 1 }
        gate.open()
        for caller in callers { await expect(.failed) { try await caller.value } }
        authority.nowAnswers { [scene] in .accepted(scene.answer(to: $0), cacheable: true) }
        #expect(try await verifier.source("abc") == .authority)
    }

    @Test func `carries no caller's task-local values`() async throws {
        let authority = ScriptedAuthority { [scene] token in
            #expect(Self.caller == nil)
            return .accepted(scene.answer(to: token), cacheable: true)
        }
        let verifier = try verifier(authority)
        let source = try await Self.$caller.withValue(7) { try await verifier.source("abc") }
        #expect(source == .authority)
    }

    @Test func `is ended by the authority's deadline`() async throws {
        let authority = ScriptedAuthority(deadline: .milliseconds(20)) { [gate] _ in
            await gate.pass()
            return .refused
        }
        let verifier = try AuthorityTokenVerifier(authority: authority, cache: scene.cache(.memory))
        await expect(.timedOut) { try await verifier.source("abc") }
        gate.open()
    }

    @Test(arguments: [Duration?.none, .seconds(300)])
    func `counts against the cap on questions`(timeToLive: Duration?) async throws {
        let authority = gated()
        var options = scene.options
        // Half of them are kept for tokens that were accepted before.
        options.questions.maximum = 4
        options.questions.maximumWaiting = 0
        let cache = try TokenCache(timeToLive: timeToLive, options: options)
        let verifier = try AuthorityTokenVerifier(authority: authority, cache: cache)
        let callers = ["a", "b"].map { text in Task { try await verifier.source(text) } }
        try await eventually { authority.questions == 2 }
        let error = await #expect(throws: VerificationError.self) { try await verifier.source("c") }
        #expect(error?.reason == .overloaded && error?.code == .unavailable && error?.retryAfter != nil)
        gate.open()
        for caller in callers { #expect(try await caller.value == .authority) }
        #expect(try await verifier.source("c") == .authority)
        #expect(cache.statistics.overloads == 1)
    }

    @Test func `is not shared when nothing is kept`() async throws {
        let authority = gated()
        let cache = try TokenCache(timeToLive: nil, options: scene.options)
        let verifier = try AuthorityTokenVerifier(authority: authority, cache: cache)
        let callers = (0..<4).map { _ in Task { try await verifier.source("abc") } }
        try await eventually { authority.questions == 4 }
        gate.open()
        for caller in callers { #expect(try await caller.value == .authority) }
    }

    @Test func `looks into the store once more before it asks`() async throws {
        let store = try ScriptedByteStore(clock: scene.wallClock)
        let authority = scene.accepting()
        func verifier() throws -> AuthorityTokenVerifier<ScriptedAuthority> {
            let cache = try TokenCache(
                store: store,
                timeToLive: .seconds(300),
                sealing: .tokenOnly,
                options: scene.options
            )
            return try AuthorityTokenVerifier(authority: authority, cache: cache)
        }
        let late = try verifier()
        store.fail(.lookup)
        let gate = Gate()
        store.hold(.lookup, at: gate)
        let caller = Task { try await late.source("abc") }
        try await eventually { store.count(of: .lookup) == 1 }
        store.recover()
        let other = Gate()
        other.open()
        store.hold(.lookup, at: other)
        #expect(try await verifier().source("abc") == .authority)
        gate.open()
        #expect(try await caller.value.isHit)
        #expect(authority.questions == 1)
    }

    /// Nothing is kept, so no other caller needs the answer.
    @Test func `ends when its only caller leaves, where nothing is kept`() async throws {
        var options = scene.options
        options.questions.maximum = 1
        options.questions.maximumWaiting = 0
        let authority = gated()
        let cache = try TokenCache(timeToLive: nil, options: options)
        let verifier = try AuthorityTokenVerifier(authority: authority, cache: cache)
        let caller = Task { try await verifier.source("abc") }
        try await eventually { authority.questions == 1 }
        authority.nowAnswers { [scene] in .accepted(scene.answer(to: $0), cacheable: true) }
        await expect(.overloaded) { try await verifier.source("def") }
        caller.cancel()
        await expect(.cancelled) { try await caller.value }
        // Long before the authority's deadline would end it.
        try await eventually(within: .seconds(30)) { try await verifier.source("def") == .authority }
        gate.open()
    }

    @Test(arguments: [Duration.seconds(300), nil])
    func `ends when the cache is shut down`(timeToLive: Duration?) async throws {
        let authority = gated()
        let cache = try scene.cache(.memory, timeToLive: timeToLive)
        let verifier = try AuthorityTokenVerifier(authority: authority, cache: cache)
        let caller = Task { try await verifier.source("abc") }
        try await eventually { authority.questions == 1 }
        await verifier.cache.shutdown()
        await expect(.shutDown) { try await caller.value }
        await expect(.shutDown) { try await verifier.source("def") }
        gate.open()
    }
}
