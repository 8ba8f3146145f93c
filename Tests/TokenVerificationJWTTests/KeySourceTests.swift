import CacheStores
import CacheStoresTesting
import HTTPTransports
import Testing
import TokenVerification
import TokenVerificationJWT
import TokenVerificationTestSupport

@Suite(.timeLimit(.minutes(10)))
struct KeySourceTests {
    private let clock = TokenVerificationJWTTests.clock()
    private let server = KeyServer()
    private let first: TestKey
    private let second: TestKey

    init() throws {
        first = try TestKey(name: "first")
        second = try TestKey(name: "second")
        server.serve(#"{"keys":[\#(try first.json())]}"#)
    }

    private func issuer(_ source: JSONWebKeySource? = nil) throws -> JWTIssuer {
        try JWTIssuer(
            issuerName,
            audiences: .oneOf([audience]),
            keys: source
                ?? JSONWebKeySource(
                    url: "https://issuer.example/jwks",
                    options: .unhurried,
                    transport: server,
                    clock: WallClock(clock)
                )
        )
    }

    private func token(_ key: TestKey) throws -> String {
        try key.token(payload: payload(["exp": "9000000"]))
    }

    private func unknown(_ number: Int) throws -> String {
        try first.token(header: #"{"alg":"ES256","kid":"\#(number)"}"#, payload: payload(["exp": "9000000"]))
    }

    @Test func `a flood of unknown keys costs one request per cooldown, and known keys nothing`() async throws
    {
        let issuer = try issuer()
        #expect(await reason(issuer, try token(first)) == nil)
        #expect(server.requests.count == 1)
        for number in 0..<50 {
            guard case .failure(let error) = await result(of: issuer, try unknown(number)) else {
                Issue.record("accepted")
                continue
            }
            #expect(error.reason == .awaitingKeys)
            #expect(error.code == .unavailable)
            #expect(error.retryAfter == .seconds(30))
        }
        #expect(server.requests.count == 1)
        clock.advance(by: .seconds(30))
        #expect(await reason(issuer, try unknown(0)) == .unknownKey)
        #expect(await reason(issuer, try unknown(1)) == .awaitingKeys)
        #expect(await reason(issuer, try token(first)) == nil)
        #expect(server.requests.count == 2)
    }

    @Test func `a new key is found after the cooldown`() async throws {
        let issuer = try issuer()
        #expect(await reason(issuer, try token(first)) == nil)
        server.serve(#"{"keys":[\#(try first.json()),\#(try second.json())]}"#)
        #expect(await reason(issuer, try token(second)) == .awaitingKeys)
        clock.advance(by: .seconds(30))
        #expect(await reason(issuer, try token(second)) == nil)
        #expect(server.requests.count == 2)
    }

    @Test func `many first tokens share one fetch`() async throws {
        let issuer = try issuer()
        let token = try token(first)
        await withTaskGroup { group in
            for _ in 0..<20 { group.addTask { #expect(await reason(issuer, token) == nil) } }
        }
        #expect(server.requests.count == 1)
    }

    @Test func `keys survive an outage for a day from their fetch`() async throws {
        let issuer = try issuer()
        #expect(await reason(issuer, try token(first)) == nil)
        server.fail(HTTPTransportError(code: .connectionFailed, message: "down"))
        clock.advance(by: .seconds(86_399))
        #expect(await reason(issuer, try token(first)) == nil)
        clock.advance(by: .seconds(1))
        #expect(await reason(issuer, try token(first)) == .unreachable)
        server.fail(nil)
        clock.advance(by: .seconds(30))
        #expect(await reason(issuer, try token(first)) == nil)
    }

    @Test func `without keys a failed fetch is not repeated at once`() async throws {
        let issuer = try issuer()
        server.fail(HTTPTransportError(code: .timedOut, message: "slow"))
        #expect(await reason(issuer, try token(first)) == .timedOut)
        #expect(await reason(issuer, try token(first)) == .timedOut)
        #expect(server.requests.count == 1)
        clock.advance(by: .seconds(1))
        server.fail(nil)
        #expect(await reason(issuer, try token(first)) == nil)
    }

    @Test(arguments: [nil, "max-age=1", "no-cache", "max-age=300, public", "max-age=99999999999999999999"])
    func `keys are fetched again in the background, within bounds`(field: String?) async throws {
        server.serve(#"{"keys":[\#(try first.json())]}"#, cacheControl: field)
        let issuer = try issuer()
        #expect(await reason(issuer, try token(first)) == nil)
        clock.advance(by: .milliseconds(299_999))
        #expect(await reason(issuer, try token(first)) == nil)
        #expect(server.requests.count == 1)
        clock.advance(by: .milliseconds(1))
        #expect(await reason(issuer, try token(first)) == nil)
        try await eventually { server.requests.count >= 2 }
    }

    @Test func `a longer time is heeded up to an hour`() async throws {
        server.serve(#"{"keys":[\#(try first.json())]}"#, cacheControl: "public, Max-Age=86400")
        let issuer = try issuer()
        #expect(await reason(issuer, try token(first)) == nil)
        clock.advance(by: .seconds(3599))
        #expect(await reason(issuer, try token(first)) == nil)
        #expect(server.requests.count == 1)
        clock.advance(by: .seconds(1))
        #expect(await reason(issuer, try token(first)) == nil)
        try await eventually { server.requests.count >= 2 }
    }

    @Test(arguments: [(200, "<html></html>"), (200, #"{"keys":1}"#), (404, ""), (500, ""), (200, "")])
    func `an odd answer is unavailable, and leaves the last keys in use`(
        status: Int,
        body: String
    ) async throws {
        let issuer = try issuer()
        server.serve(body, status: status)
        guard case .failure(let error) = await result(of: issuer, try token(first)) else {
            Issue.record("accepted")
            return
        }
        #expect(error.code == .unavailable)
        server.serve(#"{"keys":[\#(try first.json())]}"#)
        clock.advance(by: .seconds(30))
        #expect(await reason(issuer, try token(first)) == nil)
        server.serve(body, status: status)
        clock.advance(by: .seconds(30))
        #expect(await reason(issuer, try token(second)) == .awaitingKeys)
        #expect(await reason(issuer, try token(first)) == nil)
    }

    private func verifier(_ issuer: JWTIssuer) throws -> AuthorityTokenVerifier<JWTIssuer> {
        var options = TokenCacheOptions()
        options.clock = WallClock(clock)
        let cache = try TokenCache(timeToLive: .seconds(100_000), options: options)
        return try AuthorityTokenVerifier(authority: issuer, cache: cache)
    }

    @Test func `a cached answer ends when its key leaves the set`() async throws {
        let verifier = try verifier(issuer())
        let (old, new) = (try BearerToken(token(first)), try BearerToken(token(second)))
        #expect(try await verifier.verification(of: old).source == .authority)
        #expect(try await verifier.verification(of: old).source == .memory)
        server.serve(#"{"keys":[\#(try second.json())]}"#)
        clock.advance(by: .seconds(30))
        _ = try await verifier.verify(new)
        #expect(await refusal(verifier, old) == .awaitingKeys)
        clock.advance(by: .seconds(30))
        #expect(await refusal(verifier, old) == .unknownKey)
        #expect(try await verifier.verification(of: new).source == .memory)
    }

    @Test func `a kept answer of a newer key has the keys fetched first`() async throws {
        let newer = try issuer()
        server.serve(#"{"keys":[\#(try second.json())]}"#)
        let answer = try await result(of: newer, token(second)).get()
        server.serve(#"{"keys":[\#(try first.json())]}"#)
        let older = try issuer()
        #expect(await reason(older, try token(first)) == nil)
        server.serve(#"{"keys":[\#(try second.json())]}"#)
        clock.advance(by: .seconds(30))
        try await older.checkKept(answer)
    }

    @Test func `after an idle time keys are fetched before they are used`() async throws {
        let verifier = try verifier(issuer())
        let old = try BearerToken(token(first))
        _ = try await verifier.verify(old)
        server.serve(#"{"keys":[\#(try second.json())]}"#)
        clock.advance(by: .seconds(7200))
        #expect(await refusal(verifier, old) == .awaitingKeys)
        #expect(await reason(verifier.authority, try token(second)) == nil)
        #expect(server.requests.count == 2)
    }

    @Test func `a key that is replaced under its name is noticed when the set is due`() async throws {
        let issuer = try issuer()
        #expect(await reason(issuer, try token(first)) == nil)
        let replaced = try TestKey(name: "first")
        server.serve(#"{"keys":[\#(try replaced.json())]}"#)
        clock.advance(by: .seconds(3600))
        #expect(await reason(issuer, try token(replaced)) == nil)
    }

    @Test func `an empty set does not replace the last keys`() async throws {
        let issuer = try issuer()
        #expect(await reason(issuer, try token(first)) == nil)
        server.serve(#"{"keys":[]}"#)
        clock.advance(by: .seconds(7200))
        #expect(await reason(issuer, try token(first)) == nil)
        #expect(server.requests.count == 2)
    }

    @Test func `a cancelled caller does not wait for a fetch that hangs, nor does a shutdown`() async throws {
        let source = try JSONWebKeySource(
            url: "https://issuer.example/jwks",
            transport: SilentTransport(),
            clock: WallClock(clock)
        )
        let issuer = try issuer(source)
        let text = try token(first)
        let caller = Task { await reason(issuer, text) }
        caller.cancel()
        #expect(await caller.value == .cancelled)
        let waiting = Task { await reason(issuer, text) }
        await source.shutdown()
        #expect(await waiting.value == .shutDown)
    }

    private func refusal(
        _ verifier: some TokenVerifier,
        _ token: BearerToken
    ) async -> VerificationError.Reason? {
        do {
            _ = try await verifier.verify(token)
            return nil
        } catch {
            return error.reason
        }
    }

    private func discovered(_ name: String) throws -> JWTIssuer {
        try JWTIssuer(
            name,
            audiences: .any,
            keys: JSONWebKeySource(
                discovering: name,
                options: .unhurried,
                transport: server,
                clock: WallClock(clock)
            )
        )
    }

    @Test func `finds keys by RFC 8414, else by OpenID Connect, of exactly this issuer`() async throws {
        let name = "https://issuer.example/realm"
        let token = try first.token(payload: payload(["iss": #""\#(name)""#, "exp": "9000000"]))
        let metadata = #"{"issuer":"\#(name)","jwks_uri":"https://issuer.example/jwks"}"#
        server.serve("/.well-known/oauth-authorization-server/realm", metadata)
        #expect(await reason(try discovered(name), token) == nil)
        #expect(server.requests == ["/.well-known/oauth-authorization-server/realm", "/jwks"])
        server.serve("/.well-known/oauth-authorization-server/realm", "<html></html>")
        server.serve("/realm/.well-known/openid-configuration", metadata)
        #expect(await reason(try discovered(name), token) == nil)
        let foreign = #"{"issuer":"\#(name)/","jwks_uri":"https://issuer.example/jwks"}"#
        server.serve("/realm/.well-known/openid-configuration", foreign)
        #expect(await reason(try discovered(name), token) == .malformedAnswer)
        let plain = #"{"issuer":"\#(name)","jwks_uri":"http://127.0.0.1/jwks"}"#
        server.serve("/realm/.well-known/openid-configuration", plain)
        #expect(await reason(try discovered(name), token) == .malformedAnswer)
    }

    @Test func `after the shutdown nothing is fetched`() async throws {
        let issuer = try issuer()
        #expect(await reason(issuer, try token(first)) == nil)
        await issuer.keys.shutdown()
        let requests = server.requests.count
        clock.advance(by: .seconds(90_000))
        #expect(await reason(issuer, try token(first)) == .shutDown)
        #expect(server.requests.count == requests)
    }
}
