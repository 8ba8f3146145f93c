import CacheStores
import CacheStoresTesting
import Testing
import TokenVerification
import TokenVerificationTestSupport

/// An authority that fails is told of once, then at most once a minute, and once when it answers again.
@Suite(.timeLimit(.minutes(10))) struct OutageLogTests {
    private let scene = Scene()
    private let log = LogCapture()

    private var options: TokenCacheOptions {
        var options = scene.options
        options.logger = log.logger
        return options
    }

    private func failing(_ error: VerificationError, limitsEachToken: Bool = false) -> ScriptedAuthority {
        ScriptedAuthority(limitsEachToken: limitsEachToken) { _ throws(VerificationError) in throw error }
    }

    private func verifier(_ authority: ScriptedAuthority) throws -> AuthorityTokenVerifier<ScriptedAuthority>
    {
        let cache = try TokenCache(timeToLive: .seconds(300), options: options)
        return try AuthorityTokenVerifier(authority: authority, cache: cache)
    }

    private func useInVain(
        _ verifier: AuthorityTokenVerifier<ScriptedAuthority>,
        times: Int,
        text: String = "secret"
    ) async {
        for number in 0..<times {
            await #expect(throws: VerificationError.self) { try await verifier.source("\(text)\(number)") }
        }
    }

    @Test(arguments: [
        VerificationError.Reason.unreachable, .timedOut, .failed, .rejected, .rateLimited, .malformedAnswer,
        .credentialsRefused,
    ])
    func `is told of once, with its reason, then once a minute with a count`(
        reason: VerificationError.Reason
    ) async throws {
        let authority = failing(VerificationError(reason))
        let verifier = try verifier(authority)
        let level = reason == .credentialsRefused ? "error" : "warning"
        await useInVain(verifier, times: 5)
        try #require(log.messages.count == 1)
        #expect(log.messages[0].hasPrefix(level) && log.messages[0].contains("\(reason)"))
        #expect(log.messages[0].contains("scripted") && !log.messages[0].contains("omitted"))
        scene.clock.advance(by: .milliseconds(59_999))
        await useInVain(verifier, times: 1)
        #expect(log.messages.count == 1)
        scene.clock.advance(by: .milliseconds(1_500))
        await useInVain(verifier, times: 1, text: "secret-too")
        try #require(log.messages.count == 2 && log.messages[1].hasPrefix(level))
        #expect(log.messages[1].contains("\"omitted\": 5"))
        authority.nowAnswers { [scene] in .accepted(scene.answer(to: $0), cacheable: true) }
        scene.clock.advance(by: .seconds(10))
        for number in 0..<5 { _ = try await verifier.source("good\(number)") }
        #expect(log.messages.count == 3 && log.messages[2].hasPrefix("notice"))
        #expect(!log.messages.joined().contains("secret"), "no token is logged")
    }

    @Test func `names what made an answer malformed`() async throws {
        let error = VerificationError(.malformedAnswer, detail: .member("exp"))
        await useInVain(try verifier(failing(error)), times: 1)
        #expect(log.messages.count == 1 && log.messages[0].contains("member \"exp\""))
    }

    @Test func `is told of no more often if it answers by turns`() async throws {
        let authority = ScriptedAuthority { [scene] token throws(VerificationError) in
            if token.text.hasPrefix("poison") { throw VerificationError(.failed) }
            return .accepted(scene.answer(to: token), cacheable: true)
        }
        let verifier = try verifier(authority)
        for number in 0..<100 {
            await expect(.failed) { try await verifier.source("poison\(number)") }
            _ = try await verifier.source("good\(number)")
        }
        #expect(log.messages.count == 2)
    }

    @Test func `tells a new reason at once`() async throws {
        let authority = failing(VerificationError(.failed))
        let verifier = try verifier(authority)
        await useInVain(verifier, times: 3)
        authority.nowAnswers { _ throws(VerificationError) in throw VerificationError(.credentialsRefused) }
        await useInVain(verifier, times: 3)
        #expect(log.messages.count == 2 && log.messages[1].hasPrefix("error"))
    }

    /// Clients cause these lines, with any token.
    @Test func `that refuses this server is told of once a minute, with its address`() async throws {
        let application = try GitHubApplication(
            clientID: "app",
            clientSecret: ClientSecret("hush"),
            transport: ScriptedTransport(401)
        )
        let cache = try TokenCache(timeToLive: .seconds(300), options: options)
        let verifier = try GitHubTokenVerifier(application, cache: cache)
        for count in [1, 2] {
            for _ in 0..<9 {
                await expect(.credentialsRefused) { try await verifier.verify(BearerToken("abc")) }
            }
            try #require(log.messages.count == count)
            #expect(log.messages.allSatisfy { $0.hasPrefix("error") })
            #expect(log.messages[0].contains("401 from https://api.github.com/applications/app/token"))
            scene.clock.advance(by: .seconds(60))
        }
        #expect(log.messages.last?.contains("\"omitted\": 8") ?? false)
    }

    @Test func `a recovery tells what was left out, and the next outage counts anew`() async throws {
        let authority = failing(VerificationError(.failed))
        let verifier = try verifier(authority)
        await useInVain(verifier, times: 4)
        authority.nowAnswers { [scene] in .accepted(scene.answer(to: $0), cacheable: true) }
        _ = try await verifier.source("good")
        try #require(log.messages.count == 2)
        #expect(log.messages[1].hasPrefix("notice") && log.messages[1].contains("\"omitted\": 3"))
        scene.clock.advance(by: .seconds(60))
        authority.nowAnswers { _ throws(VerificationError) in throw VerificationError(.failed) }
        await useInVain(verifier, times: 1)
        try #require(log.messages.count == 3)
        #expect(!log.messages[2].contains("omitted"))
    }

    @Test func `questions that an open breaker spares are counted, too`() async throws {
        let authority = failing(VerificationError(.unreachable))
        let verifier = try verifier(authority)
        await useInVain(verifier, times: 25)
        #expect(authority.questions == 5 && log.messages.count == 1)
        scene.clock.advance(by: .seconds(60))
        await useInVain(verifier, times: 1)
        try #require(log.messages.count == 2)
        #expect(log.messages[1].contains("\"omitted\": 24"))
    }

    @Test func `questions that find no place are told of once a minute`() async throws {
        let gate = Gate()
        let authority = ScriptedAuthority { [scene] token in
            let answer = scene.answer(to: token)
            await gate.pass()
            return .accepted(answer, cacheable: true)
        }
        var options = options
        options.questions.maximum = 1
        options.questions.maximumWaiting = 0
        let cache = try TokenCache(timeToLive: .seconds(300), options: options)
        let verifier = try AuthorityTokenVerifier(authority: authority, cache: cache)
        let first = Task { try await verifier.source("abc") }
        try await eventually { authority.questions == 1 }
        await useInVain(verifier, times: 9)
        try #require(log.messages.count == 1)
        #expect(log.messages[0].hasPrefix("warning"))
        #expect(log.messages[0].contains("questions.maximum"))
        scene.clock.advance(by: .seconds(60))
        await useInVain(verifier, times: 1)
        try #require(log.messages.count == 2)
        #expect(log.messages[1].contains("\"omitted\": 8"))
        gate.open()
        _ = try await first.value
    }

    @Test func `a store whose time is not known keeps nothing, and that is told of once a minute`()
        async throws
    {
        let store = try ScriptedByteStore(clock: scene.wallClock)
        store.setClockOffset(nil)
        let verifier = try scene.verifier(scene.accepting(), over: store, options: options)
        for _ in 0..<9 { #expect(try await verifier.source("abc") == .authority) }
        try #require(log.messages.count == 1)
        #expect(log.messages[0].hasPrefix("warning"))
        #expect(log.messages[0].contains("clock"))
    }

    /// Clients cause these lines, with a few tokens of their own.
    @Test(arguments: [false, true])
    func `that limits a token or this server is told of once a minute`(limitsServer: Bool) async throws {
        let error = VerificationError(.rateLimited, limitsServer: limitsServer)
        let verifier = try verifier(failing(error, limitsEachToken: true))
        await useInVain(verifier, times: 9)
        try #require(log.messages.count == 1)
        #expect(log.messages[0].contains("rateLimited"))
        scene.clock.advance(by: .seconds(60))
        await useInVain(verifier, times: 1)
        try #require(log.messages.count == 2)
        #expect(log.messages[1].contains("\"omitted\": 8"))
    }

    @Test func `tells nothing of what concerns one caller`() async throws {
        await useInVain(try verifier(failing(VerificationError(.cancelled))), times: 9)
        await useInVain(try verifier(ScriptedAuthority { _ in .refused }), times: 9)
        #expect(log.messages.isEmpty)
    }

    @Test func `records of another secret are told of once a minute, those of another format never`()
        async throws
    {
        let store = try ScriptedByteStore(clock: scene.wallClock)
        let authority = scene.accepting()
        let other = try scene.verifier(authority, over: store)
        let verifier = try scene.verifier(
            authority,
            over: store,
            options: options,
            sealing: .secret(secret(2))
        )
        for number in 0..<9 {
            _ = try await other.source("secret\(number)")
            #expect(try await verifier.source("secret\(number)") == .authority)
        }
        #expect(log.messages.count == 1)
        #expect(log.messages[0].hasPrefix("warning") && log.messages[0].contains("sealed"))
        scene.clock.advance(by: .seconds(60))
        _ = try await other.source("again")
        _ = try await verifier.source("again")
        #expect(log.messages.count == 2 && log.messages[1].contains("omitted"))
        scene.clock.advance(by: .seconds(60))
        for key in store.keys {
            let entry = CacheEntry<[UInt8]>([99] + [UInt8](repeating: 1, count: 60), expiry: .distantFuture)
            try await store.setEntry(entry, for: key)
        }
        for number in 0..<9 { #expect(try await verifier.source("secret\(number)") == .authority) }
        #expect(log.messages.count == 2)
    }
}
