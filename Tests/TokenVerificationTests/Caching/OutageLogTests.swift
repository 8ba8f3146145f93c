import CacheStores
import CacheStoresTesting
import Testing
import TokenVerification

/// An authority that fails is told of once, then at most once a minute, and once when it answers again.
@Suite(.timeLimit(.minutes(5))) struct OutageLogTests {
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
        #expect(log.messages[0].hasPrefix(level) && log.messages[0].contains(reason.rawValue))
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

    /// Strangers cause these lines, with any token.
    @Test func `that refuses this server is told of by itself once a minute, too`() async throws {
        let endpoint = try IntrospectionEndpoint(
            url: "https://issuer.example/introspect",
            clientID: "api",
            clientSecret: ClientSecret("hush"),
            transport: ScriptedTransport(401),
            clock: scene.wallClock,
            logger: log.logger
        )
        let application = try GitHubApplication(
            clientID: "app",
            clientSecret: ClientSecret("hush"),
            transport: ScriptedTransport(401),
            clock: scene.wallClock,
            logger: log.logger
        )
        for count in [2, 4] {
            for _ in 0..<9 {
                let token = try BearerToken("abc")
                await expect(.credentialsRefused) { try await endpoint.verdict(on: token) }
                await expect(.credentialsRefused) { try await application.verdict(on: token) }
            }
            #expect(log.messages.count == count && log.messages.allSatisfy { $0.hasPrefix("error") })
            scene.clock.advance(by: .seconds(60))
        }
        #expect(log.messages[2...].allSatisfy { $0.contains("\"omitted\": 8") })
    }

    @Test func `tells nothing of what concerns one token or one caller`() async throws {
        await useInVain(
            try verifier(failing(VerificationError(.rateLimited), limitsEachToken: true)),
            times: 9
        )
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
        #expect(log.messages[0].hasPrefix("warning") && log.messages[0].contains("sealing"))
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
