import CacheStores
import CacheStoresTesting
import Testing
import TokenVerification

/// An authority that fails is left alone for a while, and nobody else for its sake.
@Suite(.timeLimit(.minutes(5))) struct AuthorityBreakerTests {
    private let scene = Scene()

    private func failing(
        _ reason: VerificationError.Reason,
        kind: String = "failing",
        retryAfter: Duration? = nil,
        limitsEachToken: Bool = false
    ) -> ScriptedAuthority {
        ScriptedAuthority(
            identity: AuthorityIdentity(kind: kind, parameters: [:]),
            limitsEachToken: limitsEachToken
        ) { _ throws(VerificationError) in
            throw VerificationError(reason, retryAfter: retryAfter)
        }
    }

    private func verifier(
        _ authority: ScriptedAuthority,
        _ cache: TokenCache? = nil
    ) throws -> AuthorityTokenVerifier<ScriptedAuthority> {
        try AuthorityTokenVerifier(authority: authority, cache: cache ?? scene.cache(.memory))
    }

    private func error(
        of verifier: AuthorityTokenVerifier<ScriptedAuthority>,
        _ text: String
    ) async -> VerificationError? {
        await #expect(throws: VerificationError.self) { try await verifier.source(text) }
    }

    @Test(arguments: [VerificationError.Reason.unreachable, .timedOut, .failed, .rateLimited])
    func `is not asked after five failures in a row, until a pause is over`(
        reason: VerificationError.Reason
    ) async throws {
        let authority = failing(reason)
        let verifier = try verifier(authority)
        for number in 0..<5 { await expect(reason) { try await verifier.source("\(number)") } }
        let spared = await error(of: verifier, "another")
        #expect(spared?.reason == reason && spared?.code == .unavailable)
        let wait = try #require(spared?.retryAfter)
        #expect(wait >= .seconds(1) && wait <= .milliseconds(1_500))
        #expect(authority.questions == 5 && verifier.cache.statistics.sparedQuestions == 1)
        scene.clock.advance(by: wait)
        await expect(reason) { try await verifier.source("probe") }
        await expect(reason) { try await verifier.source("another") }
        #expect(authority.questions == 6)
        scene.clock.advance(by: .milliseconds(1_500))
        authority.nowAnswers { [scene] in .accepted(scene.answer(to: $0), cacheable: true) }
        for number in 0..<9 { #expect(try await verifier.source("good\(number)") == .authority) }
    }

    @Test(arguments: [
        VerificationError.Reason.malformedAnswer, .rejected, .credentialsRefused, .cancelled,
    ])
    func `is asked on if it says something, however odd`(reason: VerificationError.Reason) async throws {
        let authority = failing(reason)
        let verifier = try verifier(authority)
        for number in 0..<12 { await expect(reason) { try await verifier.source("\(number)") } }
        #expect(authority.questions == 12)
    }

    @Test func `is asked on while it refuses`() async throws {
        let authority = ScriptedAuthority { _ in .refused }
        let verifier = try verifier(authority)
        for number in 0..<12 { await expect(.refused) { try await verifier.source("\(number)") } }
        #expect(authority.questions == 12)
    }

    @Test(arguments: [(60, 60), (299, 299), (86_400, 300)])
    func `is left alone for as long as it asks, up to five minutes`(asked: Int, kept: Int) async throws {
        let authority = failing(.rateLimited, retryAfter: .seconds(asked))
        let verifier = try verifier(authority)
        _ = await error(of: verifier, "a")
        let spared = await error(of: verifier, "b")
        let wait = try #require(spared?.retryAfter)
        #expect(spared?.reason == .rateLimited && authority.questions == 1)
        #expect(wait >= .seconds(kept) && wait <= .seconds(kept) + .milliseconds(500))
        scene.clock.advance(by: .seconds(kept) - .milliseconds(1))
        _ = await error(of: verifier, "b")
        #expect(authority.questions == 1)
        scene.clock.advance(by: .milliseconds(501))
        _ = await error(of: verifier, "b")
        #expect(authority.questions == 2)
    }

    @Test func `is not left alone if it can be asked again at once`() async throws {
        let authority = failing(.rateLimited, retryAfter: .zero)
        let verifier = try verifier(authority)
        for number in 0..<4 { _ = await error(of: verifier, "\(number)") }
        #expect(authority.questions == 4)
    }

    @Test func `that limits each token is asked on about others`() async throws {
        let authority = failing(.rateLimited, retryAfter: .seconds(60), limitsEachToken: true)
        let verifier = try verifier(authority)
        for number in 0..<12 { await expect(.rateLimited) { try await verifier.source("\(number)") } }
        #expect(authority.questions == 12)
        #expect(try GitHubAPI().limitsEachToken)
    }

    @Test func `does not stand for another one`() async throws {
        let cache = try scene.cache(.memory)
        let broken = try verifier(failing(.unreachable), cache)
        for number in 0..<6 { _ = await error(of: broken, "\(number)") }
        let sound = try verifier(scene.accepting(), cache)
        #expect(try await sound.source("abc") == .authority)
    }

    @Test func `is left alone too when nothing is kept`() async throws {
        let authority = failing(.unreachable)
        let verifier = try verifier(authority, scene.cache(.memory, timeToLive: nil))
        for number in 0..<9 { await expect(.unreachable) { try await verifier.source("\(number)") } }
        #expect(authority.questions == 5)
    }
}
