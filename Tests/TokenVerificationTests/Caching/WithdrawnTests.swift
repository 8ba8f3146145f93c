import CacheStores
import CacheStoresTesting
import Testing
import TokenVerification
import TokenVerificationTestSupport

/// What was forgotten or refused is never used again, whatever the store still holds.
@Suite(.timeLimit(.minutes(10))) struct WithdrawnTests {
    private let scene = Scene()
    private let store: ScriptedByteStore
    private let authority: ScriptedAuthority

    init() throws {
        store = try ScriptedByteStore(clock: scene.wallClock)
        authority = scene.accepting()
    }

    private func verifier(near: Duration? = nil) throws -> AuthorityTokenVerifier<ScriptedAuthority> {
        var options = scene.options
        options.stale.grace = .seconds(600)
        options.breaker.threshold = 1_000
        return try scene.verifier(authority, over: store, options: options, near: near)
    }

    private func breakDown() {
        authority.nowAnswers { _ throws(VerificationError) in throw VerificationError(.unreachable) }
    }

    /// Begins to use a token whose answer is old, at an authority that does not answer.
    private func useInVain(
        _ verifier: AuthorityTokenVerifier<ScriptedAuthority>,
        until gate: Gate
    ) async throws -> Task<Verification.Source, any Error> {
        _ = try await verifier.source("abc")
        scene.clock.advance(by: .seconds(300))
        authority.nowAnswers { _ throws(VerificationError) in
            await gate.pass()
            throw VerificationError(.timedOut)
        }
        let caller = Task { try await verifier.source("abc") }
        try await eventually { authority.questions == 2 }
        return caller
    }

    @Test(arguments: [true, false], [true, false])
    func `a forgotten token has no old answer, even if the store kept it`(
        isConfirmed: Bool,
        isEverything: Bool
    ) async throws {
        let verifier = try verifier()
        // From the authority, then from the store, whose record is remembered from then on.
        for _ in 0..<3 { _ = try await verifier.source("abc") }
        if !isConfirmed { store.fail(.remove, .removeAll) }
        do {
            let token = try BearerToken("abc")
            try await isEverything ? verifier.cache.forgetAll() : verifier.cache.forget(token)
            #expect(isConfirmed)
        } catch {
            #expect(!isConfirmed)
        }
        store.recover()
        breakDown()
        for _ in 0..<2 {
            await expect(.unreachable) { try await verifier.source("abc") }
            scene.clock.advance(by: .seconds(300))
        }
    }

    @Test func `nor does one that is forgotten while the question is under way`() async throws {
        let (verifier, gate) = (try verifier(), Gate())
        let caller = try await useInVain(verifier, until: gate)
        store.fail(.remove)
        await expect(.unconfirmed) { try await verifier.cache.forget(BearerToken("abc")) }
        gate.open()
        await expect(.timedOut) { try await caller.value }
    }

    @Test func `nor one that another process forgot meanwhile`() async throws {
        let (verifier, other, gate) = (try verifier(), try verifier(), Gate())
        let caller = try await useInVain(verifier, until: gate)
        try await other.cache.forget(BearerToken("abc"))
        gate.open()
        await expect(.timedOut) { try await caller.value }
    }

    @Test func `an answer that another process got meanwhile is used instead of an old one`() async throws {
        let (verifier, other, gate) = (try verifier(), try verifier(), Gate())
        let caller = try await useInVain(verifier, until: gate)
        authority.nowAnswers { [scene] in .accepted(scene.answer(to: $0), cacheable: true) }
        #expect(try await other.source("abc") == .authority)
        gate.open()
        #expect(try await caller.value == .store)
    }

    @Test(arguments: [[ScriptedByteStore.Operation.remove], [.remove, .lookup]])
    func `nor one that the authority refused, even if the store kept it`(
        failing: [ScriptedByteStore.Operation]
    ) async throws {
        let verifier = try verifier()
        _ = try await verifier.source("abc")
        scene.clock.advance(by: .seconds(300))
        authority.nowAnswers { _ in .refused }
        for operation in failing { store.fail(operation) }
        await expect(.refused) { try await verifier.source("abc") }
        store.recover()
        breakDown()
        scene.clock.advance(by: .seconds(1))
        await expect(.unreachable) { try await verifier.source("abc") }
    }

    @Test func `a forgotten token's copy is not kept near again`() async throws {
        let verifier = try verifier(near: .seconds(60))
        for _ in 0..<2 { _ = try await verifier.source("abc") }
        store.fail(.remove)
        await expect(.unconfirmed) { try await verifier.cache.forget(BearerToken("abc")) }
        authority.nowAnswers { _ in .refused }
        for _ in 0..<3 { await expect(.refused) { try await verifier.source("abc") } }
    }

    @Test func `a new answer counts again`() async throws {
        let verifier = try verifier()
        _ = try await verifier.source("abc")
        try await verifier.cache.forget(BearerToken("abc"))
        scene.clock.advance(by: .seconds(2))
        #expect(try await verifier.source("abc") == .authority)
        #expect(try await verifier.source("abc") == .store)
    }

    @Test func `withdrawals are bounded, and err on the side of asking`() throws {
        let withdrawals = Withdrawals(capacity: 3)
        let keys = try (0..<5).map { try #require(CacheKey([UInt8](repeating: $0, count: 32))) }
        func moment(_ number: Int) -> Timestamp { Timestamp(millisecondsSince1970: Int64(number)) }
        for number in 1...3 { withdrawals.withdraw(keys[number], at: moment(number)) }
        #expect(!withdrawals.covers(keys[0], verifiedAt: moment(1)))
        #expect(withdrawals.covers(keys[2], verifiedAt: moment(2)))
        #expect(!withdrawals.covers(keys[2], verifiedAt: moment(3)))
        for number in 4..<1_000 { withdrawals.withdraw(keys[4], at: moment(number)) }
        #expect(withdrawals.covers(keys[1], verifiedAt: moment(1)))
        #expect(withdrawals.covers(keys[0], verifiedAt: moment(1)), "what made room counts for every key")
        #expect(
            !withdrawals.covers(keys[0], verifiedAt: moment(2)),
            "a key that is withdrawn again needs no more room"
        )
        #expect(withdrawals.covers(keys[2], verifiedAt: moment(2)))
        #expect(withdrawals.covers(keys[4], verifiedAt: moment(999)))
        #expect(!withdrawals.covers(keys[4], verifiedAt: moment(1_000)))
    }
}
