import CacheStores
import CacheStoresTesting
import HTTPTransports
import Testing
import TokenVerification
import TokenVerificationJWT

@Suite(.timeLimit(.minutes(2)))
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
                    transport: server,
                    clock: WallClock(clock)
                ),
            clock: WallClock(clock)
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
        while server.requests.count < 2 { try await Task.sleep(for: .milliseconds(1)) }
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
        while server.requests.count < 2 { try await Task.sleep(for: .milliseconds(1)) }
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

    @Test func `a kept answer ends with its key`() async throws {
        let issuer = try issuer()
        let answer = try await result(of: issuer, token(first)).get()
        #expect(try await issuer.stillAccepts(answer))
        server.serve(#"{"keys":[\#(try second.json())]}"#)
        clock.advance(by: .seconds(30))
        #expect(await reason(issuer, try token(second)) == nil)
        #expect(try await !issuer.stillAccepts(answer))
        #expect(await reason(issuer, try token(first)) == .awaitingKeys)
        // A process without keys loads them, and says so if it can't.
        let other = try self.issuer()
        #expect(try await !other.stillAccepts(answer))
        server.fail(HTTPTransportError(code: .connectionFailed, message: "down"))
        let third = try self.issuer()
        await #expect(throws: VerificationError.self) { try await third.stillAccepts(answer) }
    }

    private func discovered(_ name: String) throws -> JWTIssuer {
        try JWTIssuer(
            name,
            audiences: .any,
            keys: JSONWebKeySource(discovering: name, transport: server, clock: WallClock(clock)),
            clock: WallClock(clock)
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
        await issuer.shutdown()
        #expect(await reason(issuer, try token(first)) == .shutDown)
        #expect(server.requests.isEmpty)
    }
}
