import CacheStores
import Foundation
import Synchronization
import Testing
import TokenVerification
import TokenVerificationJWT

/// An authority that remembers which tokens it saw.
final class WatchedAuthority: TokenAuthority {
    let identity: AuthorityIdentity
    private let answer: @Sendable (BearerToken) throws(VerificationError) -> Verdict
    private let state = Mutex<[String]>([])

    var seen: [String] { state.withLock { $0 } }

    init(_ kind: String, _ answer: (@Sendable (BearerToken) throws(VerificationError) -> Verdict)? = nil) {
        identity = AuthorityIdentity(kind: kind, parameters: [:])
        self.answer =
            answer ?? { _ in
                .accepted(VerifiedToken(.init(verifiedAt: WallClock.system.now)), cacheable: true)
            }
    }

    func verdict(on token: BearerToken, clock: WallClock) async throws(VerificationError) -> Verdict {
        state.withLock { $0.append(token.exposedText) }
        return try answer(token)
    }
}

@Suite(.timeLimit(.minutes(10)))
struct RoutingTests {
    private let key: TestKey
    private let jwt = WatchedAuthority("signed") { _ throws(VerificationError) in
        throw VerificationError(.badSignature)
    }
    private let opaque = WatchedAuthority("opaque")
    private let cache: TokenCache

    init() throws {
        key = try TestKey()
        cache = try TokenCache(timeToLive: .seconds(60))
    }

    private func verifier(acceptsJWT: Bool = false) throws -> RoutedTokenVerifier {
        try RoutedTokenVerifier([
            .issuer(issuerName, AuthorityTokenVerifier(authority: jwt, cache: cache)),
            .prefix(
                "ghp_",
                AuthorityTokenVerifier(
                    authority: WatchedAuthority("prefix"),
                    requiring: .scopes("repo"),
                    cache: cache
                )
            ),
            .otherwise(AuthorityTokenVerifier(authority: opaque, cache: cache), acceptsJWT: acceptsJWT),
        ])
    }

    private func reason(_ verifier: RoutedTokenVerifier, _ text: String) async -> VerificationError.Reason? {
        do {
            _ = try await verifier.verify(BearerToken(text))
            return nil
        } catch {
            return error.reason
        }
    }

    @Test func `each authority sees its own tokens only`() async throws {
        let verifier = try verifier()
        let good = try key.token(payload: payload())
        let forged = good.dropLast(4) + "AAAA"
        let odd = good + "=="
        for text in [good, String(forged), odd] { #expect(await reason(verifier, text) == .badSignature) }
        for text in ["opaque", "a.b.c", "v4.public.abc", good + ".x", "eyJpZCI6MX0.YWJj.ZGVm"] {
            #expect(await reason(verifier, text) == nil, "\(text)")
        }
        #expect(await reason(verifier, "ghp_abc") == .missingScope)
        #expect(await reason(verifier, good + ".x.y") == .wrongIssuer)
        #expect(jwt.seen == [good, String(forged), odd])
        #expect(opaque.seen == ["opaque", "a.b.c", "v4.public.abc", good + ".x", "eyJpZCI6MX0.YWJj.ZGVm"])
    }

    @Test(arguments: [
        #"{"iss":"https://other.example"}"#, "{}", #"{"iss":"https://issuer.example/"}"#, "not JSON",
        #"{"iss":"https://issuer.example","iss":"https://issuer.example"}"#, #"{"iss":1}"#,
    ])
    func `a signed token of no listed issuer goes to a default that accepts it, or nowhere`(
        body: String
    ) async throws {
        let token = try key.token(payload: body)
        #expect(await reason(try verifier(), token) == .wrongIssuer)
        #expect(opaque.seen.isEmpty)
        #expect(await reason(try verifier(acceptsJWT: true), token) == nil)
        #expect(opaque.seen == [token])
        #expect(jwt.seen.isEmpty)
    }

    @Test func `a header in an odd spelling makes no opaque token`() async throws {
        // 22 bytes leave four bits in the last character of the header.
        let token = try key.token(header: #"{"alg":"ES256","k":12}"#, payload: payload())
        let header = token.prefix { $0 != "." }
        let rest = token.dropFirst(header.count)
        for odd in ["\(header.dropLast())R", "\(header)B"] {
            #expect(await reason(try verifier(), odd + rest) != nil, "\(odd)")
        }
        #expect(opaque.seen.isEmpty)
    }

    @Test func `a refusal with a reason is remembered as one`() async throws {
        var options = TokenCacheOptions()
        options.refusals.timeToLive = .seconds(60)
        let cache = try TokenCache(timeToLive: .seconds(60), options: options)
        let verifier = try RoutedTokenVerifier([
            .otherwise(AuthorityTokenVerifier(authority: jwt, cache: cache))
        ])
        for _ in 0..<2 { #expect(await reason(verifier, "abc") == .badSignature) }
        #expect(jwt.seen == ["abc"])
        #expect(cache.statistics.refusals == 1)
        #expect(cache.statistics.failedQuestions == 0)
    }

    @Test func `a doubled header member makes no opaque token`() async throws {
        let token = try key.token(header: #"{"alg":"ES256","alg":"ES256"}"#, payload: payload())
        #expect(await reason(try verifier(), token) == .wrongIssuer)
        #expect(opaque.seen.isEmpty)
    }

    @Test func `refuses routes that can't work`() throws {
        let any = try AuthorityTokenVerifier(authority: opaque, cache: cache)
        let github = try GitHubTokenVerifier(cache: cache)
        for routes in [
            [], [.otherwise(any), .otherwise(any)], [.prefix("", any)],
            [.issuer("a", any), .issuer("a", any)],
            [.otherwise(github, acceptsJWT: true)],
        ] as [[TokenRoute]] {
            #expect(throws: ConfigurationError.self) { try RoutedTokenVerifier(routes) }
        }
    }

    @Test func `a signed token is verified once and then a hit`() async throws {
        let issuer = try JWTIssuer(issuerName, audiences: .any, keys: JSONWebKeySource(keySet(key.json())))
        let verifier = try AuthorityTokenVerifier(authority: issuer, cache: cache)
        let token = try BearerToken(key.token(payload: payload(["exp": "4000000000"])))
        #expect(try await verifier.verification(of: token).source == .authority)
        #expect(try await verifier.verification(of: token).source != .authority)
        let other = try JWTIssuer(
            issuerName,
            audiences: .any,
            algorithms: [.es256],
            keys: JSONWebKeySource(keySet(key.json()))
        )
        #expect(other.identity != issuer.identity)
    }

    @Test func `an endpoint confirms a token whose signature is right, and no other`() async throws {
        let endpoint = WatchedAuthority("endpoint") { _ in
            var content = VerifiedToken.Content(verifiedAt: WallClock.system.now)
            content.expiry = Timestamp(millisecondsSince1970: 1_000_100_000)
            content.orderedScopes = ["b", "c"]
            return .accepted(VerifiedToken(content), cacheable: true)
        }
        let issuer = try TokenVerificationJWTTests.issuer(keySet(key.json())).confirmed(by: endpoint)
        let good = try key.token(payload: payload(["scope": #""a b""#]))
        let token = try await result(of: issuer, good).get()
        #expect(token.orderedScopes == ["b"])
        #expect(token.expiry?.millisecondsSince1970 == 1_000_100_000)
        #expect(await TokenVerificationJWTTests.reason(issuer, good.dropLast(4) + "AAAA") == .badSignature)
        #expect(endpoint.seen == [good])
        let bound = WatchedAuthority("bound") { _ in
            let claims = Claims(["token_type": .string("DPoP"), "sub": .string("alice")])
            return .accepted(
                VerifiedToken(.init(verifiedAt: WallClock.system.now, claims: claims)),
                cacheable: true
            )
        }
        let claimed = try key.token(payload: payload(["token_type": #""Bearer""#]))
        let merged = try await result(
            of: TokenVerificationJWTTests.issuer(keySet(key.json())).confirmed(by: bound),
            claimed
        )
        #expect(try merged.get().claims["token_type"] == .string("DPoP"))
        let refusing = try TokenVerificationJWTTests.issuer(keySet(key.json()))
            .confirmed(by: WatchedAuthority("no") { _ in .refused })
        #expect(await TokenVerificationJWTTests.reason(refusing, good) == .refused)
    }
}
