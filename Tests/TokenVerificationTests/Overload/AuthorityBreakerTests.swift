import CacheStores
import CacheStoresTesting
import Testing
import TokenVerification
import TokenVerificationTestSupport

/// An authority that fails is not asked for a while; other authorities are.
@Suite(.timeLimit(.minutes(10))) struct AuthorityBreakerTests {
    private let scene = Scene()

    @Test(arguments: [VerificationError.Reason.unreachable, .timedOut])
    func `is not asked after failures on five tokens, until a pause is over`(
        reason: VerificationError.Reason
    ) async throws {
        let authority = failing(reason)
        let verifier = try scene.verifier(authority)
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

    @Test func `is asked on though one token fails again and again`() async throws {
        let authority = failing(.timedOut)
        let verifier = try scene.verifier(authority)
        for _ in 0..<50 { await expect(.timedOut) { try await verifier.source("poison") } }
        #expect(authority.questions == 50)
    }

    @Test func `is asked on though a token fails now and then`() async throws {
        let authority = failing(.timedOut)
        let verifier = try scene.verifier(authority)
        for number in 0..<50 {
            _ = await error(of: verifier, "\(number)")
            // Four failures are younger than ten seconds at any time.
            scene.clock.advance(by: .milliseconds(2_500))
        }
        #expect(authority.questions == 50)
    }

    @Test func `is asked on if it answered one question within ten seconds`() async throws {
        let authority = failing(.timedOut)
        let verifier = try scene.verifier(authority)
        authority.nowAnswers { [scene] token throws(VerificationError) in
            guard token.text.hasPrefix("good") else { throw VerificationError(.timedOut) }
            return .accepted(scene.answer(to: token), cacheable: true)
        }
        #expect(try await verifier.source("good") == .authority)
        for number in 0..<20 { _ = await error(of: verifier, "a\(number)") }
        scene.clock.advance(by: .milliseconds(9_999))
        for number in 0..<20 { _ = await error(of: verifier, "b\(number)") }
        #expect(authority.questions == 41)
        scene.clock.advance(by: .milliseconds(1))
        _ = await error(of: verifier, "c")
        #expect(authority.questions == 42)
        await expect(.timedOut) { try await verifier.source("good-but-late") }
        #expect(authority.questions == 42)
    }

    @Test(arguments: [
        VerificationError.Reason.failed, .rejected, .malformedAnswer, .credentialsRefused, .rateLimited,
    ])
    func `is asked on as soon as it says something, however odd`(
        reason: VerificationError.Reason
    ) async throws {
        let authority = failing(.unreachable)
        let verifier = try scene.verifier(authority)
        await open(verifier)
        scene.clock.advance(by: .milliseconds(1_500))
        authority.nowAnswers { _ throws(VerificationError) in throw VerificationError(reason) }
        for number in 0..<12 { await expect(reason) { try await verifier.source("odd\(number)") } }
        #expect(authority.questions == 17)
    }

    @Test(arguments: [
        VerificationError.Reason.malformedAnswer, .rejected, .credentialsRefused, .cancelled, .failed,
        .rateLimited,
    ])
    func `is asked on if it says something at all`(reason: VerificationError.Reason) async throws {
        let authority = failing(reason)
        let verifier = try scene.verifier(authority)
        for number in 0..<12 { await expect(reason) { try await verifier.source("\(number)") } }
        #expect(authority.questions == 12)
    }

    @Test func `is asked on while it refuses`() async throws {
        let authority = ScriptedAuthority { _ in .refused }
        let verifier = try scene.verifier(authority)
        for number in 0..<12 { await expect(.refused) { try await verifier.source("\(number)") } }
        #expect(authority.questions == 12)
    }

    /// Forty uses a second of tokens that the authority can't cope with, and five new tokens a second.
    @Test(arguments: [1, 4, 40], [VerificationError.Reason.failed, .timedOut])
    func `locks no other token out for the sake of poison tokens`(
        poisonTokens: Int,
        reason: VerificationError.Reason
    ) async throws {
        let authority = ScriptedAuthority { [scene] token throws(VerificationError) in
            if token.text.hasPrefix("poison") { throw VerificationError(reason, retryAfter: .seconds(30)) }
            return .accepted(scene.answer(to: token), cacheable: true)
        }
        let verifier = try scene.verifier(authority)
        for step in 0..<400 {
            if step % 8 == 0 { #expect(try await verifier.source("good\(step)") == .authority) }
            scene.clock.advance(by: .milliseconds(25))
            await expect(reason) { try await verifier.source("poison\(step % poisonTokens)") }
        }
    }

    @Test func `locks no other token out for the sake of a few poison tokens, even if others are rare`()
        async throws
    {
        let authority = ScriptedAuthority { [scene] token throws(VerificationError) in
            if token.text.hasPrefix("poison") { throw VerificationError(.timedOut) }
            return .accepted(scene.answer(to: token), cacheable: true)
        }
        let verifier = try scene.verifier(authority)
        for step in 0..<2_000 {
            scene.clock.advance(by: .milliseconds(25))
            await expect(.timedOut) { try await verifier.source("poison\(step % 4)") }
            if step % 500 == 0 { #expect(try await verifier.source("good\(step)") == .authority) }
        }
    }

    @Test(arguments: [(30, 30), (60, 60), (299, 60), (2_000_000_000, 60)])
    func `is left alone for as long as it asks, up to a minute`(asked: Int, kept: Int) async throws {
        let authority = failing(.rateLimited, retryAfter: .seconds(asked))
        let verifier = try scene.verifier(authority)
        #expect(await error(of: verifier, "a")?.retryAfter == .seconds(kept))
        let spared = await error(of: verifier, "b")
        let wait = try #require(spared?.retryAfter)
        #expect(spared?.reason == .rateLimited && authority.questions == 1)
        #expect(wait >= .seconds(kept) && wait <= min(.seconds(kept) + .milliseconds(500), .seconds(60)))
        scene.clock.advance(by: .seconds(kept) - .milliseconds(1))
        _ = await error(of: verifier, "b")
        #expect(authority.questions == 1)
        scene.clock.advance(by: .milliseconds(501))
        _ = await error(of: verifier, "b")
        #expect(authority.questions == 2)
    }

    @Test func `is left alone for longer where an option says so, within bounds`() async throws {
        var options = scene.options
        options.breaker.maximumRetryAfter = .seconds(300)
        let cache = try TokenCache(timeToLive: .seconds(300), options: options)
        let verifier = try scene.verifier(failing(.rateLimited, retryAfter: .seconds(86_400)), cache)
        _ = await error(of: verifier, "a")
        #expect(await error(of: verifier, "b")?.retryAfter == .seconds(300))
        for wrong in [Duration.seconds(301), .seconds(-1)] {
            options.breaker.maximumRetryAfter = wrong
            #expect(throws: ConfigurationError.self) {
                try TokenCache(timeToLive: .seconds(300), options: options)
            }
        }
    }

    @Test func `is not asked on by answers to questions from before it asked to be left alone`() async throws
    {
        let gate = Gate()
        let authority = ScriptedAuthority { [scene] token throws(VerificationError) in
            if token.text == "b" { throw VerificationError(.rateLimited, retryAfter: .seconds(30)) }
            let answer = scene.answer(to: token)
            await gate.pass()
            return .accepted(answer, cacheable: true)
        }
        let verifier = try scene.verifier(authority)
        let early = Task { try await verifier.source("a") }
        try await eventually { authority.questions == 1 }
        _ = await error(of: verifier, "b")
        gate.open()
        #expect(try await early.value == .authority)
        #expect(await error(of: verifier, "c")?.reason == .rateLimited)
        #expect(authority.questions == 2)
    }

    @Test func `is not left alone if it can be asked again at once`() async throws {
        let authority = failing(.rateLimited, retryAfter: .zero)
        let verifier = try scene.verifier(authority)
        for number in 0..<4 { _ = await error(of: verifier, "\(number)") }
        #expect(authority.questions == 4)
    }

    @Test(arguments: [(VerificationError.Reason.rateLimited, true), (.failed, false)])
    func `is left alone about one token if that is what it asks for`(
        reason: VerificationError.Reason,
        limitsEachToken: Bool
    ) async throws {
        let authority = failing(reason, retryAfter: .seconds(40), limitsEachToken: limitsEachToken)
        let verifier = try scene.verifier(authority)
        for number in 0..<12 { await expect(reason) { try await verifier.source("\(number)") } }
        #expect(authority.questions == 12)
        scene.clock.advance(by: .seconds(30))
        #expect(await error(of: verifier, "7") == VerificationError(reason, retryAfter: .seconds(10)))
        #expect(authority.questions == 12)
        scene.clock.advance(by: .seconds(10))
        _ = await error(of: verifier, "7")
        #expect(authority.questions == 13)
        #expect(try GitHubAPI().limitsEachToken)
    }

    @Test func `is left alone about every token if a limit is this server's`() async throws {
        let authority = ScriptedAuthority(limitsEachToken: true) { _ throws(VerificationError) in
            throw VerificationError(.rateLimited, retryAfter: .seconds(40), limitsServer: true)
        }
        let verifier = try scene.verifier(authority)
        for number in 0..<12 { await expect(.rateLimited) { try await verifier.source("\(number)") } }
        #expect(authority.questions == 1)
    }

    @Test(arguments: [false, true])
    func `is asked about a limited token that was forgotten`(forgetsAll: Bool) async throws {
        let authority = failing(.rateLimited, retryAfter: .seconds(40), limitsEachToken: true)
        let verifier = try scene.verifier(authority)
        for _ in 0..<2 { _ = await error(of: verifier, "abc") }
        #expect(authority.questions == 1)
        if forgetsAll {
            try await verifier.cache.forgetAll()
        } else {
            try await verifier.cache.forget(BearerToken("abc"))
        }
        _ = await error(of: verifier, "abc")
        #expect(authority.questions == 2)
    }

    @Test func `does not stand for another one`() async throws {
        let cache = try scene.cache(.memory)
        let broken = try scene.verifier(failing(.unreachable), cache)
        for number in 0..<6 { _ = await error(of: broken, "\(number)") }
        let sound = try scene.verifier(scene.accepting(), cache)
        #expect(try await sound.source("abc") == .authority)
    }

    @Test func `is left alone too when nothing is kept`() async throws {
        let authority = failing(.unreachable)
        let verifier = try scene.verifier(authority, scene.cache(.memory, timeToLive: nil))
        for number in 0..<9 { await expect(.unreachable) { try await verifier.source("\(number)") } }
        #expect(authority.questions == 5)
    }
}
