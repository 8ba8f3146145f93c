import CacheStores
import CacheStoresTesting
import Testing
import TokenVerification
import TokenVerificationTestSupport

@Suite(.timeLimit(.minutes(10))) struct RefusalTests {
    private let scene = Scene()
    private let authority = ScriptedAuthority { _ in .refused }

    private func verifier(
        refusalTimeToLive: Duration?,
        capacity: Int = 10
    ) throws -> AuthorityTokenVerifier<ScriptedAuthority> {
        var options = scene.options
        options.refusals.timeToLive = refusalTimeToLive
        options.refusals.capacity = capacity
        let cache = try TokenCache(timeToLive: .seconds(300), capacity: 10, options: options)
        return try AuthorityTokenVerifier(authority: authority, cache: cache)
    }

    @Test func `are not kept unless asked for`() async throws {
        let verifier = try verifier(refusalTimeToLive: nil)
        for _ in 0..<2 { await expect(.refused) { try await verifier.source("abc") } }
        #expect(authority.questions == 2)
    }

    @Test func `are kept for their own time to live`() async throws {
        let verifier = try verifier(refusalTimeToLive: .seconds(10))
        for _ in 0..<2 { await expect(.refused) { try await verifier.source("abc") } }
        #expect(authority.questions == 1)
        scene.clock.advance(by: .seconds(10))
        await expect(.refused) { try await verifier.source("abc") }
        #expect(authority.questions == 2)
        #expect(verifier.cache.statistics.refusalHits == 1)
    }

    @Test func `are bounded and never displace an answer`() async throws {
        let verifier = try verifier(refusalTimeToLive: .seconds(60), capacity: 3)
        authority.nowAnswers { [scene] in .accepted(scene.answer(to: $0), cacheable: true) }
        for number in 0..<10 { _ = try await verifier.source("good\(number)") }
        authority.nowAnswers { _ in .refused }
        for number in 0..<1_000 { await expect(.refused) { try await verifier.source("bad\(number)") } }
        for number in 0..<10 { #expect(try await verifier.source("good\(number)").isHit) }
        let before = authority.questions
        await expect(.refused) { try await verifier.source("bad999") }
        #expect(authority.questions == before)
        await expect(.refused) { try await verifier.source("bad0") }
        #expect(authority.questions == before + 1, "the oldest refusals made room")
    }

    @Test func `are not made of outages`() async throws {
        let verifier = try verifier(refusalTimeToLive: .seconds(60))
        authority.nowAnswers { _ throws(VerificationError) in throw VerificationError(.rateLimited) }
        await expect(.rateLimited) { try await verifier.source("abc") }
        authority.nowAnswers { [scene] in .accepted(scene.answer(to: $0), cacheable: true) }
        #expect(try await verifier.source("abc") == .authority)
    }

    @Test func `go when the token is forgotten`() async throws {
        let verifier = try verifier(refusalTimeToLive: .seconds(60))
        await expect(.refused) { try await verifier.source("abc") }
        authority.nowAnswers { [scene] in .accepted(scene.answer(to: $0), cacheable: true) }
        try await verifier.cache.forget(BearerToken("abc"))
        #expect(try await verifier.source("abc") == .authority)
        await expect(.refused) {
            authority.nowAnswers { _ in .refused }
            return try await verifier.source("def")
        }
        try await verifier.cache.forgetAll()
        authority.nowAnswers { [scene] in .accepted(scene.answer(to: $0), cacheable: true) }
        #expect(try await verifier.source("def") == .authority)
    }

    @Test(arguments: [nil, Duration.seconds(300)])
    func `that arrive after the token was forgotten are not kept`(timeToLive: Duration?) async throws {
        var options = scene.options
        options.refusals.timeToLive = .seconds(60)
        let cache = try TokenCache(timeToLive: timeToLive, options: options)
        let verifier = try AuthorityTokenVerifier(authority: authority, cache: cache)
        let gate = Gate()
        authority.nowAnswers { _ in
            await gate.pass()
            return .refused
        }
        let early = Task { try await verifier.source("abc") }
        try await eventually { authority.questions == 1 }
        try await cache.forget(BearerToken("abc"))
        gate.open()
        await expect(.refused) { try await early.value }
        await expect(.refused) { try await verifier.source("abc") }
        #expect(authority.questions == 2)
    }

    @Test func `remove an answer that another process still thinks fresh`() async throws {
        let store = try MemoryStore<VerifiedToken>(clock: scene.wallClock)
        func verifier(_ timeToLive: Duration) throws -> AuthorityTokenVerifier<ScriptedAuthority> {
            let cache = try TokenCache(
                store: ValueStore(wrapped: store),
                timeToLive: timeToLive,
                options: scene.options
            )
            return try AuthorityTokenVerifier(authority: authority, cache: cache)
        }
        authority.nowAnswers { [scene] in .accepted(scene.answer(to: $0), cacheable: true) }
        let patient = try verifier(.seconds(300))
        _ = try await patient.source("abc")
        scene.clock.advance(by: .seconds(60))
        authority.nowAnswers { _ in .refused }
        await expect(.refused) { try await verifier(.seconds(10)).source("abc") }
        await expect(.refused) { try await patient.source("abc") }
    }
}
