import CacheStores
import CacheStoresTesting
import Testing
import TokenVerification
import TokenVerificationTestSupport

/// A store may be late, fail, lose writes and lose answers: no login fails, and nothing comes back that was forgotten.
///
/// Two faults are left out, since they can't be noticed: a removal that is confirmed but not done, and a read that
/// finds what was removed. The last test shows what the first of them costs.
@Suite(.timeLimit(.minutes(10))) struct UnreliableStoreTests {
    private static let timeToLive = Duration.seconds(300)

    private let scene = Scene()
    private let sound: MemoryStore<[UInt8]>

    init() throws {
        sound = try MemoryStore(capacity: 100, clock: scene.wallClock)
    }

    /// What an authority says that has revoked some tokens and knows all others.
    private func answer(revoking revoked: Set<String>) -> ScriptedAuthority.Answer {
        { [scene] token in
            revoked.contains(token.text) ? .refused : .accepted(scene.answer(to: token), cacheable: true)
        }
    }

    private func verifiers(
        of authority: ScriptedAuthority,
        on store: FaultyStore<[UInt8]>,
        near: Duration?,
        removalDeadline: Duration = .milliseconds(20)
    ) throws -> [AuthorityTokenVerifier<ScriptedAuthority>] {
        var options = scene.options
        options.logger = LogCapture().logger
        options.store.deadline = .milliseconds(20)
        options.store.removalDeadline = removalDeadline
        // With a near tier of its own a second process would accept what the first has forgotten for its near life.
        return try (0..<(near == nil ? 2 : 1)).map { _ in
            let cache = try TokenCache(
                store: store,
                timeToLive: Self.timeToLive,
                sealing: .secret(secret(1)),
                options: options.near(near)
            )
            return try AuthorityTokenVerifier(authority: authority, cache: cache)
        }
    }

    /// Whether a token is accepted, for the subject that it belongs to; no other error than a refusal is expected.
    private func accepts(
        _ text: String,
        _ verifier: AuthorityTokenVerifier<ScriptedAuthority>
    ) async throws -> Bool {
        do {
            return try await verifier.verify(BearerToken(text)).subject == "subject of " + text
        } catch  where error.reason == .refused {
            return false
        }
    }

    /// Forgets a token, or every token, and tells whether the store confirmed it.
    private func forgets(
        _ text: String?,
        _ verifier: AuthorityTokenVerifier<ScriptedAuthority>
    ) async throws -> Bool {
        do {
            if let text {
                try await verifier.cache.forget(BearerToken(text))
            } else {
                try await verifier.cache.forgetAll()
            }
            return true
        } catch let error as VerificationError where error.reason == .unconfirmed {
            return false
        }
    }

    private func script(_ seed: UInt64) -> FaultScript {
        FaultScript(
            seed: seed,
            [
                .error(.unavailable): 0.03, .error(.timedOut): 0.03, .error(.full): 0.03,
                .error(.readOnly): 0.03, .error(.accessDenied): 0.03, .error(.corrupted): 0.03,
                .error(.incompatible): 0.03, .error(.shutDown): 0.03, .delay(.milliseconds(2)): 0.05,
                .delay(.seconds(3_600)): 0.02, .lateAnswer(.seconds(3_600)): 0.02, .lostAnswer: 0.05,
                .lostWrite: 0.1,
            ]
        )
    }

    @Test(arguments: [1, 2, 3, 4], [nil, Duration.seconds(5)])
    func `fails no login and brings nothing back`(seed: UInt64, near: Duration?) async throws {
        let store = FaultyStore(sound, script: script(seed))
        let authority = ScriptedAuthority(answer(revoking: []))
        let verifiers = try verifiers(of: authority, on: store, near: near)
        var random = SplitMix64(seed: seed)
        let texts = (0..<5).map { "token-\($0)" }
        var oracle = Oracle()
        for step in 0..<500 {
            let text = texts[Int.random(in: 0..<texts.count, using: &random)]
            let verifier = verifiers[Int.random(in: 0..<verifiers.count, using: &random)]
            var answers: [Bool] = []
            var isForgotten = false
            switch Int.random(in: 0..<20, using: &random) {
            case 0, 1:
                oracle.change(text)
                authority.nowAnswers(answer(revoking: oracle.revoked))
            case 2: scene.clock.advance(by: .seconds(.random(in: 1...200, using: &random)))
            case 3, 4: isForgotten = try await forgets(text, verifier)
            case 5 where step % 4 == 0:
                if try await forgets(nil, verifier) { oracle.noteForgetting(of: nil) }
            case 6, 7:
                async let first = accepts(text, verifier)
                async let forgotten = forgets(text, verifiers[0])
                async let second = accepts(text, verifiers[0])
                answers = try await [first, second]
                isForgotten = try await forgotten
            default: answers.append(try await accepts(text, verifier))
            }
            for isAccepted in answers {
                let isRight = oracle.allows(isAccepted, for: text, at: scene.clock.now)
                #expect(isRight, "step \(step): \(store.history.suffix(20))")
                oracle.noteUse(of: text, keptUntil: scene.clock.now.advanced(by: Self.timeToLive))
            }
            // An answer that is given at the same time is right, but it is not kept.
            if isForgotten { oracle.noteForgetting(of: text) }
        }
        #expect(Set(store.history.map(\.fault)).count == 13, "every kind of fault took part")
        store.heal()
        authority.nowAnswers(answer(revoking: []))
        scene.clock.advance(by: .seconds(600))
        for text in texts { #expect(try await accepts(text, verifiers[0])) }
        for text in texts { #expect(try await verifiers[0].source(text) != .authority) }
    }

    @Test func `believes a removal that was only pretended, but for the process that asked for it`()
        async throws
    {
        let store = FaultyStore(sound, script: FaultScript(seed: 1, [.lostRemoval: 1]))
        let authority = ScriptedAuthority(answer(revoking: []))
        let verifiers = try verifiers(of: authority, on: store, near: nil, removalDeadline: .seconds(120))
        #expect(try await accepts("abc", verifiers[0]))
        authority.nowAnswers(answer(revoking: ["abc"]))
        try await verifiers[0].cache.forget(BearerToken("abc"))
        await expect(.refused) { try await verifiers[0].source("abc") }
        #expect(try await verifiers[1].source("abc") == .store, "the other process can't know")
        store.heal()
        try await verifiers[0].cache.forget(BearerToken("abc"))
        await expect(.refused) { try await verifiers[1].source("abc") }
    }
}
