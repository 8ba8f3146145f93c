import CacheStores
import CacheStoresTesting
import Testing
import TokenVerification
import TokenVerificationTestSupport

/// While an authority does not answer, single questions find out whether it does again: for known tokens and for others.
@Suite(.timeLimit(.minutes(10))) struct TrialTests {
    private let scene = Scene()

    @Test func `gets no second try for a token that failed lately, but one for another`() async throws {
        let authority = failing(.unreachable)
        let verifier = try scene.verifier(authority)
        await open(verifier)
        scene.clock.advance(by: .milliseconds(1_500))
        let spared = await error(of: verifier, "0")
        #expect(spared?.reason == .unreachable && spared?.retryAfter == .milliseconds(8_500))
        #expect(authority.questions == 5)
        authority.nowAnswers { [scene] in .accepted(scene.answer(to: $0), cacheable: true) }
        #expect(try await verifier.source("another") == .authority)
        #expect(try await verifier.source("0") == .authority)
    }

    @Test func `gets one try at a time`() async throws {
        let gate = Gate()
        let authority = failing(.unreachable)
        let verifier = try scene.verifier(authority)
        await open(verifier)
        scene.clock.advance(by: .milliseconds(1_500))
        authority.nowAnswers { [scene] token in
            let answer = scene.answer(to: token)
            await gate.pass()
            return .accepted(answer, cacheable: true)
        }
        let trial = Task { try await verifier.source("trial") }
        try await eventually { authority.questions == 6 }
        #expect(await error(of: verifier, "another")?.retryAfter == .seconds(1))
        #expect(authority.questions == 6)
        gate.open()
        #expect(try await trial.value == .authority)
        #expect(try await verifier.source("another") == .authority)
    }

    @Test(arguments: [VerificationError.Reason.unreachable, .rateLimited])
    func `gets another try after a pause if the first one's caller leaves`(
        reason: VerificationError.Reason
    ) async throws {
        let isRequested = reason == .rateLimited
        let authority = failing(reason, retryAfter: isRequested ? .seconds(30) : nil)
        // Nothing is kept, so the question ends with its caller.
        let verifier = try scene.verifier(authority, scene.cache(.memory, timeToLive: nil))
        await open(verifier)
        let questions = isRequested ? 1 : 5
        #expect(authority.questions == questions)
        scene.clock.advance(by: isRequested ? .milliseconds(30_500) : .milliseconds(1_500))
        authority.nowAnswers { _ throws(VerificationError) in
            try? await Task.sleep(for: .seconds(3_600))
            throw VerificationError(.cancelled)
        }
        let trial = Task { try await verifier.source("trial") }
        try await eventually { authority.questions == questions + 1 }
        trial.cancel()
        await expect(.cancelled) { try await trial.value }
        authority.nowAnswers { [scene] in .accepted(scene.answer(to: $0), cacheable: true) }
        let spared = await error(of: verifier, "another")
        #expect(spared?.reason == reason && spared?.retryAfter == .seconds(1))
        scene.clock.advance(by: .seconds(1))
        #expect(try await verifier.source("another") == .authority)
        #expect(try await verifier.source("more") == .authority)
    }

    /// Forty unknown tokens a second, each of which the authority hangs on, and one known token every 30 seconds.
    @Test(arguments: [false, true])
    func `is asked about a known token while unknown ones keep it closed to each other`(
        isShared: Bool
    ) async throws {
        let authority = ScriptedAuthority { [scene] token throws(VerificationError) in
            guard token.text == "known" else { throw VerificationError(.timedOut) }
            return .accepted(scene.answer(to: token), cacheable: true)
        }
        var options = scene.options
        options.fleet.isOn = isShared
        let cache = try TokenCache(timeToLive: .seconds(20), options: options)
        let verifier = try scene.verifier(authority, cache)
        var spared = 0
        for step in 0..<2_401 {
            if step % 1_200 == 0 { #expect(try await verifier.source("known") == .authority) }
            scene.clock.advance(by: .milliseconds(25))
            spared += await error(of: verifier, "\(step)")?.retryAfter == nil ? 0 : 1
        }
        #expect(spared > 1_000, "the breaker was open")
    }

    @Test func `gets a known token's try at once, but one at a time and none while it fails`() async throws {
        let gate = Gate()
        let authority = scene.accepting(identity: AuthorityIdentity(kind: "failing", parameters: [:]))
        let cache = try TokenCache(timeToLive: .seconds(20), options: scene.options)
        let verifier = try scene.verifier(authority, cache)
        for text in ["a", "b", "c"] { _ = try await verifier.source(text) }
        scene.clock.advance(by: .seconds(30))
        authority.nowAnswers { _ throws(VerificationError) in throw VerificationError(.timedOut) }
        await open(verifier)
        #expect(authority.questions == 8)
        authority.nowAnswers { _ throws(VerificationError) in
            await gate.pass()
            throw VerificationError(.timedOut)
        }
        let trial = Task { try await verifier.source("a") }
        try await eventually { authority.questions == 9 }
        #expect(await error(of: verifier, "b")?.retryAfter == .seconds(1))
        gate.open()
        await expect(.timedOut) { try await trial.value }
        scene.clock.advance(by: .seconds(1))
        #expect(await error(of: verifier, "a")?.retryAfter == .seconds(9), "it failed a second ago")
        #expect(authority.questions == 9)
        await expect(.timedOut) { try await verifier.source("b") }
        #expect(authority.questions == 10)
    }

    @Test func `is not asked about a known token either if it asked for a pause`() async throws {
        let authority = scene.accepting(identity: AuthorityIdentity(kind: "failing", parameters: [:]))
        let cache = try TokenCache(timeToLive: .seconds(20), options: scene.options)
        let verifier = try scene.verifier(authority, cache)
        _ = try await verifier.source("known")
        scene.clock.advance(by: .seconds(30))
        authority.nowAnswers { _ throws(VerificationError) in
            throw VerificationError(.rateLimited, retryAfter: .seconds(30))
        }
        _ = await error(of: verifier, "unknown")
        await expect(.rateLimited) { try await verifier.source("known") }
        #expect(authority.questions == 2)
    }

    @Test(arguments: [VerificationError.Reason.unreachable, .rateLimited])
    func `gets another try at once if the first was no question`(
        reason: VerificationError.Reason
    ) async throws {
        let authority = failing(reason, retryAfter: reason == .rateLimited ? .seconds(30) : nil)
        let verifier = try scene.verifier(authority)
        await open(verifier)
        scene.clock.advance(by: .seconds(31))
        authority.nowAnswers { [scene] token throws(VerificationError) in
            guard token.text == "good" else { throw VerificationError(.badSignature) }
            return .accepted(scene.answer(to: token), cacheable: true)
        }
        for number in 0..<3 {
            await expect(.badSignature) { try await verifier.source("forged\(number)") }
        }
        #expect(try await verifier.source("good") == .authority)
    }

    @Test func `gets a try for any token once their failures are old`() async throws {
        let authority = failing(.unreachable)
        let verifier = try scene.verifier(authority)
        await open(verifier)
        scene.clock.advance(by: .seconds(10))
        _ = await error(of: verifier, "0")
        #expect(authority.questions == 6)
    }
}
