import CacheStores
import CacheStoresTesting
import Testing
import TokenVerification
import TokenVerificationTestSupport

/// While a store tells of marks, what a process knows of a token's marks counts until the store tells of one.
@Suite(.timeLimit(.minutes(10))) struct NoticedMarkTests {
    private let scene = Scene()
    private let store: ScriptedByteStore
    private let noticing: NoticingStore
    // They must not expire, however long a busy machine takes to begin the subscription.
    private let good = "ada.0.3600000.s1"
    private let other = "bob.0.3600000.s1"

    init() throws {
        store = try ScriptedByteStore(clock: scene.wallClock)
        store.promiseNotices()
        noticing = NoticingStore(store)
    }

    /// A process that is told of marks, and knows those on a token.
    private func toldProcess() async throws -> AuthorityTokenVerifier<SigningAuthority> {
        let verifier = try process(over: noticing)
        noticing.notices.yield(.everything)
        // The subscription stands as soon as nothing is looked up a second later.
        try await eventually {
            try await Task.sleep(for: .milliseconds(10))
            _ = try await verifier.source(good)
            scene.clock.advance(by: .seconds(2))
            let before = store.count(of: .readMarks)
            _ = try await verifier.source(good)
            return store.count(of: .readMarks) == before
        }
        return verifier
    }

    private func process(
        over store: any CacheStore<[UInt8]>
    ) throws -> AuthorityTokenVerifier<SigningAuthority> {
        try scene.verifier(
            SigningAuthority(scene.wallClock),
            over: store,
            options: scene.revokingOptions
        )
    }

    private func waitUntilRevoked(
        _ token: String,
        _ verifier: AuthorityTokenVerifier<SigningAuthority>
    ) async throws {
        try await eventually {
            do {
                _ = try await verifier.source(token)
                return false
            } catch {
                return (error as? VerificationError)?.reason == .revoked
            }
        }
    }

    @Test func `costs no look-up while notices tell of marks`() async throws {
        let verifier = try await toldProcess()
        _ = try await verifier.source(other)
        let before = store.count(of: .readMarks)
        for _ in 0..<30 {
            scene.clock.advance(by: .seconds(1))
            for text in [good, other] { _ = try await verifier.source(text) }
        }
        #expect(store.count(of: .readMarks) == before)
        // A mark on another token concerns these two not at all; one on this token costs one look-up.
        let foreign = try #require(CacheKey([UInt8](repeating: 7, count: 32)))
        noticing.notices.yield(.key(foreign))
        try await process(over: store).cache.revoke(BearerToken(good))
        let marked = try #require(store.marks.keys.first)
        noticing.notices.yield(.key(marked))
        try await waitUntilRevoked(good, verifier)
        _ = try await verifier.source(other)
        #expect(store.count(of: .readMarks) == before + 1)
        // Without a channel, once for each token and second again.
        noticing.notices.finish()
        try await eventually {
            let before = store.count(of: .readMarks)
            scene.clock.advance(by: .seconds(1))
            _ = try await verifier.source(other)
            return store.count(of: .readMarks) > before
        }
    }

    @Test func `a gap in the notices makes all that was known out of date`() async throws {
        let verifier = try await toldProcess()
        try await process(over: store).cache.revoke(BearerToken(good))
        _ = try await verifier.source(good)
        noticing.notices.yield(.everything)
        try await waitUntilRevoked(good, verifier)
    }

    /// The look-up reads no mark, and ends when the mark is there.
    @Test(arguments: [true, false])
    func `a look-up of marks that began before a mark is not kept`(isOwnMark: Bool) async throws {
        let verifier = try await toldProcess()
        let gate = Gate()
        store.hold(.marksRead, at: gate)
        let before = store.count(of: .marksRead)
        let caller = Task { try await verifier.source(other) }
        try await eventually { store.count(of: .marksRead) > before }
        try await (isOwnMark ? verifier : process(over: store)).cache.revoke(BearerToken(other))
        if !isOwnMark {
            for key in store.marks.keys { noticing.notices.yield(.key(key)) }
            // Notices come in order, so the earlier one is heeded as soon as a later one is.
            try await process(over: store).cache.revoke(BearerToken(good))
            for key in store.marks.keys { noticing.notices.yield(.key(key)) }
            gate.open()
            try await waitUntilRevoked(good, verifier)
        }
        gate.open()
        #expect(try await caller.value == .authority)
        await expect(.revoked) { try await verifier.source(other) }
    }
}
