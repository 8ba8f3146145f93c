import CacheStores
import CacheStoresRedis
import Testing
import TokenVerification
import TokenVerificationTestSupport

/// Signed tokens that one process revokes and another one refuses, by notices of a real server.
@Suite(.timeLimit(.minutes(10))) struct RevocationTests {
    /// Accepts every token, as one that verifies signatures does: again and again.
    private struct Issuer: SignedTokenAuthority {
        let identity = AuthorityIdentity(kind: "test", parameters: [:])
        let markScope = "issuer"
        let longestLife = Duration.seconds(7_200)
        /// Before the test marks anything.
        let issued = WallClock.system.now

        func verdict(on token: BearerToken, clock: WallClock) async throws(VerificationError) -> Verdict {
            .accepted(try await signedToken(token, clock: clock), cacheable: true)
        }

        func signedPart(of token: BearerToken) -> [UInt8] { Array(token.exposedText.utf8) }

        func signedToken(
            _ token: BearerToken,
            clock: WallClock
        ) async throws(VerificationError) -> VerifiedToken {
            var content = VerifiedToken.Content(verifiedAt: clock.now)
            content.subject = token.exposedText
            content.issuedAt = issued
            content.expiry = clock.now.advanced(by: .seconds(3_600))
            return VerifiedToken(content)
        }
    }

    private let server: RedisServer

    init() async throws {
        server = try await RedisServer()
    }

    private func process() async throws -> AuthorityTokenVerifier<Issuer> {
        let store = try Sample.store(server.address)
        try await store.waitUntilConnected()
        var options = TokenCacheOptions(logger: Sample.logger)
        options.revocation.isOn = true
        options.near.life = .seconds(3_600)
        options.store.deadline = .seconds(20)
        options.store.removalDeadline = .seconds(20)
        let cache = try TokenCache(
            store: store,
            timeToLive: .seconds(3_600),
            sealing: .tokenOnly,
            options: options
        )
        return try AuthorityTokenVerifier(authority: Issuer(), cache: cache)
    }

    private func accepts(_ verifier: AuthorityTokenVerifier<Issuer>, _ text: String) async throws -> Bool {
        do {
            _ = try await verifier.verify(BearerToken(text))
            return true
        } catch {
            if error.reason == .revoked { return false }
            throw error
        }
    }

    /// How often the server was asked for a value.
    private func lookups() async throws -> Int {
        let lines = try await server.run("INFO", "commandstats").split(whereSeparator: \.isNewline)
        let name = "cmdstat_get:calls="
        let line = lines.first { $0.hasPrefix(name) }
        return line.flatMap { Int($0.dropFirst(name.count).prefix { $0.isNumber }) } ?? 0
    }

    /// Uses tokens for more than two seconds, and counts what the server was asked meanwhile.
    private func lookups(by verifier: AuthorityTokenVerifier<Issuer>, _ tokens: [String]) async throws -> Int
    {
        let before = try await lookups()
        for _ in 0..<22 {
            for token in tokens { #expect(try await accepts(verifier, token)) }
            try await Task.sleep(for: .milliseconds(100))
        }
        return try await lookups() - before
    }

    @Test func `a hit looks no mark up while notices come, and a revocation is heeded`() async throws {
        let (one, two) = (try await process(), try await process())
        let tokens = (0..<5).map { "token-\($0)" }
        try await eventually { try await lookups(by: two, tokens) == 0 }
        try await one.cache.revoke(BearerToken("token-0"))
        try await one.cache.forgetAll(ofSubject: "token-1")
        for token in tokens[..<2] {
            #expect(try await !accepts(one, token))
            try await eventually { try await !accepts(two, token) }
        }
        try await eventually { try await lookups(by: two, Array(tokens[2...])) == 0 }
        // Without the channel each token's marks are looked up once a second, and what is marked is refused.
        try await server.run("ACL", "SETUSER", "default", "resetchannels", "-subscribe")
        try await server.run("CLIENT", "KILL", "TYPE", "pubsub")
        try await eventually { try await lookups(by: two, ["token-4"]) >= 2 }
        try await one.cache.revoke(BearerToken("token-2"))
        try await eventually { try await !accepts(two, "token-2") }
        await one.cache.shutdown()
        await two.cache.shutdown()
    }
}
