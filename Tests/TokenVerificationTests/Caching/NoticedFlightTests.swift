import CacheStores
import CacheStoresTesting
import Testing
import TokenVerification
import TokenVerificationTestSupport

/// A process that is told of changes lets no later caller join a question from before a change.
@Suite(.timeLimit(.minutes(10))) struct NoticedFlightTests {
    enum Notice: CaseIterable {
        case key, everything, gap
    }

    private let scene = Scene()
    private let gate = Gate()
    private let store: ScriptedByteStore
    private let noticing: NoticingStore
    private let authority: ScriptedAuthority
    private let here: AuthorityTokenVerifier<ScriptedAuthority>
    private let other: AuthorityTokenVerifier<ScriptedAuthority>

    init() throws {
        store = try ScriptedByteStore(clock: scene.wallClock)
        noticing = NoticingStore(store)
        authority = scene.accepting()
        let cache = try TokenCache(
            store: noticing,
            timeToLive: .seconds(300),
            sealing: .secret(secret(1)),
            options: scene.options.near(.seconds(60))
        )
        here = try AuthorityTokenVerifier(authority: authority, cache: cache)
        other = try scene.verifier(authority, over: store)
    }

    /// The key of a token, under which the other process has stored and forgotten an answer.
    private func keyOfForgotten(_ text: String) async throws -> CacheKey {
        let before = store.keys
        _ = try await other.source(text)
        try await other.cache.forget(BearerToken(text))
        scene.clock.advance(by: .seconds(2))
        return try #require(store.keys.subtracting(before).first)
    }

    /// Begins a question here that is answered once the gate is open.
    private func beginQuestion(about text: String) async throws -> Task<Verification.Source, any Error> {
        authority.nowAnswers { [scene, gate] token in
            let answer = scene.answer(to: token)
            await gate.pass()
            return .accepted(answer, cacheable: true)
        }
        let asked = authority.questions
        let caller = Task { try await here.source(text) }
        try await eventually { authority.questions == asked + 1 }
        return caller
    }

    /// Opens the near tier, and puts a token there that shows when a notice was heeded; returns its key.
    ///
    /// The notice that opens it closes the flights of that moment, so this comes before a question is begun.
    private func markerNear(besides key: CacheKey) async throws -> CacheKey {
        noticing.notices.yield(.everything)
        _ = try await other.source("marker")
        try await eventually { try await here.source("marker") == .memory }
        return try #require(store.keys.subtracting([key]).first)
    }

    /// Gives a notice, and returns when it was heeded.
    private func tell(_ notice: Notice, _ key: CacheKey, _ marker: CacheKey) async throws {
        switch notice {
        case .key:
            noticing.notices.yield(.key(key))
            noticing.notices.yield(.key(marker))
        case .everything: noticing.notices.yield(.everything)
        case .gap: noticing.notices.finish()
        }
        try await eventually { try await here.source("marker") == .store }
    }

    @Test(arguments: Notice.allCases)
    func `a later caller asks anew, and the old answer is not kept`(notice: Notice) async throws {
        let key = try await keyOfForgotten("abc")
        let marker = try await markerNear(besides: key)
        let caller = try await beginQuestion(about: "abc")
        try await other.cache.forget(BearerToken("abc"))
        try await tell(notice, key, marker)
        authority.nowAnswers { _ in .refused }
        // A later caller that joins must fail this test and not hang it.
        let opener = Task {
            try? await Task.sleep(for: .seconds(20))
            gate.open()
        }
        await expect(.refused) { try await here.source("abc") }
        opener.cancel()
        await opener.value
        #expect(try await caller.value == .authority, "the caller that waits gets the answer")
        await expect(.refused) { try await here.source("abc") }
        await here.cache.shutdown()
    }

    @Test func `the answer is kept if the change was no removal`() async throws {
        let key = try await keyOfForgotten("abc")
        let marker = try await markerNear(besides: key)
        let caller = try await beginQuestion(about: "abc")
        try await tell(.key, key, marker)
        gate.open()
        #expect(try await caller.value == .authority)
        #expect(try await [.memory, .store].contains(here.source("abc")))
        await here.cache.shutdown()
    }
}
