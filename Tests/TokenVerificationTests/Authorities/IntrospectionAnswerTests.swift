import CacheStores
import CacheStoresTesting
import HTTPTransports
import HTTPTypes
import Testing
import TokenVerification

/// T6…T14 in `Behaviour.md`: what an introspection endpoint may answer.
@Suite(.timeLimit(.minutes(10))) struct IntrospectionAnswerTests {
    private let scene = Scene()

    private func verdict(_ transport: ScriptedTransport) async throws -> Verdict {
        try await transport.introspected(clock: scene.wallClock)
    }

    private func token(_ members: String) async throws -> VerifiedToken {
        let verdict = try await verdict(ScriptedTransport(200, #"{"active":true,"# + members + "}"))
        guard case .accepted(let token, cacheable: true) = verdict else {
            throw VerificationError(.refused)
        }
        return token
    }

    @Test(arguments: [
        "", "{}", "[]", "null", "true", #"{"active":"true"}"#, #"{"active":1}"#, #"{"active":null}"#,
        #"{"active":"false"}"#, #"{"active":[]}"#, #"{"Active":true}"#, #"{"active":true"#,
        #"{"active":true}}"#,
        #"{"active":true,"active":true}"#, #"{"active":true,"a":{"b":1,"b":2}}"#,
        #"{"active":true,"sub":"\ud800"}"#, #"{'active':true}"#, #"{"active":true,}"#, #"{"active":TRUE}"#,
        #"{"active":true,"a":"# + String(repeating: "[", count: 100_000),
        #"{"active":true,"a":"# + String(repeating: "[", count: 40) + String(repeating: "]", count: 40) + "}",
    ])
    func `T6 T12 takes nothing for an answer but true and false`(body: String) async {
        await expect(.malformedAnswer) { try await verdict(ScriptedTransport(200, body)) }
    }

    @Test func `T6 knows yes from no`() async throws {
        #expect(try await verdict(ScriptedTransport(200, #"{"active":false,"exp":"rubbish"}"#)) == .refused)
        #expect(try await token(#""sub":"alice""#).subject == "alice")
    }

    @Test func `T12 refuses text that is not UTF-8`() async {
        let body = Array(#"{"active":true,"sub":""#.utf8) + [0xFF] + Array(#""}"#.utf8)
        let transport = ScriptedTransport(200, body, fields: [("content-type", "application/json")])
        await expect(.malformedAnswer) { try await verdict(transport) }
    }

    static let expiries: [(String, Int64)] = [
        ("1700000000", 1_700_000_000_000), ("1.7e9", 1_700_000_000_000),
        ("1700000000.9", 1_700_000_000_000), ("\"1700000000\"", 1_700_000_000_000),
        ("\"1.7e9\"", 1_700_000_000_000), ("-1", -1_000), ("0", 0), ("-0.5", -1_000),
        ("1e300", latest), ("-1e300", -latest), ("1e400", latest), ("9223372036854775808", latest),
        ("1" + String(repeating: "0", count: 400), latest), ("-9223372036854775809", -latest),
        ("9223372036854775807", latest), ("1700000000000", 1_700_000_000_000_000),
    ]
    static let latest: Int64 = 1 << 52

    @Test(arguments: expiries)
    func `T7 reads an expiry of any size`(text: String, milliseconds: Int64) async throws {
        let expiry = try await token(#""exp":"# + text).expiry
        #expect(expiry?.millisecondsSince1970 == milliseconds)
    }

    @Test(arguments: [
        "\"abc\"", "\"\"", "\"NaN\"", "\"1 \\n2\"", "true", "[]", "{}", "\"0x10\"", "\"Infinity\"",
    ])
    func `T7 T10 fails closed on a moment that it can't read`(text: String) async {
        for name in ["exp", "nbf", "iat"] {
            await expect(.malformedAnswer) { try await token("\"\(name)\":\(text)") }
        }
    }

    @Test(arguments: [(#""a""#, ["a"]), (#"["a","b"]"#, ["a", "b"]), ("[]", [])])
    func `T8 reads one audience or several`(text: String, audiences: [String]) async throws {
        #expect(try await token(#""aud":"# + text).audiences == audiences)
        #expect(try await token(#""sub":"x""#).audiences == [])
    }

    @Test(arguments: [#"["a",1]"#, "1", "{}", #"["a",null]"#, #"[["a"]]"#, "true"])
    func `T8 T9 fails closed on mixed audiences and scopes`(text: String) async {
        await expect(.malformedAnswer) { try await token(#""aud":"# + text) }
        await expect(.malformedAnswer) { try await token(#""scope":"# + text) }
    }

    @Test(
        arguments: [
            (#""b a  a\tc""#, ["a", "b", "c"]), (#"["a","a","b"]"#, ["a", "b"]), (#""""#, []), (#"" ""#, []),
            ("[]", []),
            (#""Read""#, ["Read"]),
        ] as [(String, Set<String>)]
    )
    func `T9 reads scopes in either form`(text: String, scopes: Set<String>) async throws {
        #expect(try await token(#""scope":"# + text).scopes == scopes)
    }

    @Test(arguments: ["sub", "client_id", "username", "iss", "scope", "aud", "exp", "nbf", "iat"])
    func `takes a member that is null for an absent one`(name: String) async throws {
        let token = try await token("\"\(name)\":null")
        #expect(token.subject == nil && token.clientID == nil && token.username == nil && token.issuer == nil)
        #expect(token.scopes == nil && token.audiences == [])
        #expect(token.expiry == nil && token.notBefore == nil && token.issuedAt == nil)
    }

    @Test func `ignores a byte-order mark`() async throws {
        #expect(try await verdict(ScriptedTransport(200, "\u{FEFF}{\"active\":false}")) == .refused)
        await expect(.malformedAnswer) {
            try await verdict(ScriptedTransport(200, "\u{FEFF}\u{FEFF}{\"active\":true}"))
        }
    }

    @Test func `reads scopes from the member that it is told`() async throws {
        let transport = ScriptedTransport(200, #"{"active":true,"scope":"a","permissions":["b","c"]}"#)
        let endpoint = try IntrospectionEndpoint(
            url: "https://issuer.example",
            clientID: "api",
            clientSecret: ClientSecret("x"),
            scopeClaim: "permissions",
            transport: transport
        )
        guard
            case .accepted(let token, _) = try await endpoint.verdict(on: BearerToken("abc"), clock: .system)
        else {
            throw VerificationError(.refused)
        }
        #expect(token.orderedScopes == ["b", "c"])
    }

    @Test func `T9 knows no scopes from scopes unknown`() async throws {
        #expect(try await token(#""sub":"x""#).scopes == nil)
    }

    @Test(
        arguments: [
            (#""sub":"alice","client_id":"app""#, "alice", "app"), (#""sub":"alice""#, "alice", nil),
            (#""x":1"#, nil, nil), (#""sub":12345678901"#, "12345678901", nil),
            (#""sub":"gate-admin","client_id":null"#, "gate-admin", nil),
            (#""sub":"alice","client_id":4711"#, "alice", "4711"),
            (#""client_id":18446744073709551616"#, nil, "18446744073709551616"),
            (#""client_id":"","sub":"""#, "", ""), (#""client_id":["app"]"#, nil, nil),
            (#""sub":true"#, nil, nil), (#""sub":["a"],"client_id":"app""#, nil, "app"),
            (#""sub":"a\r\n\u0000\u00e9""#, "a\r\n\u{0}é", nil),
            (#""sub":"\ud83d\ude00""#, "😀", nil),
        ] as [(String, String?, String?)]
    )
    func `reads whatever subject and client there are, and invents none`(
        members: String,
        subject: String?,
        clientID: String?
    ) async throws {
        let token = try await token(members)
        #expect(token.subject == subject && token.clientID == clientID)
    }

    @Test func `keeps every claim, integers exactly`() async throws {
        let token = try await token(#""n":9007199254740993,"big":18446744073709551616,"o":{"a":[null,1.5]}"#)
        #expect(token.claims["n"] == .integer(9_007_199_254_740_993))
        #expect(token.claims["big"] == .largeInteger("18446744073709551616"))
        #expect(token.claims["o"] == .object(["a": .array([.null, .number(1.5)])]))
    }

    @Test func `dates the answer from the start of the question`() async throws {
        let start = scene.clock.now
        let transport = ScriptedTransport { [scene] in
            scene.clock.advance(by: .seconds(5))
            return try await ScriptedTransport(200, #"{"active":true}"#).response(
                to: .init(method: .get, scheme: nil, authority: nil, path: nil),
                body: [],
                limits: HTTPExchangeLimits()
            )
        }
        guard case .accepted(let token, _) = try await verdict(transport) else {
            throw VerificationError(.refused)
        }
        #expect(token.verifiedAt == start)
    }

    @Test(arguments: [
        ("application/json", true), ("application/json; charset=utf-8", true),
        ("Application/JSON;charset=\"x\"", true),
        ("text/html", false), ("application/jsonp", false), ("application/token-introspection+jwt", false),
        ("", false),
    ])
    func `T11 wants JSON to be called JSON`(type: String, isAccepted: Bool) async throws {
        let transport = ScriptedTransport(200, #"{"active":false}"#, fields: ["content-type": type])
        guard isAccepted else {
            await expect(.malformedAnswer) { try await verdict(transport) }
            return
        }
        #expect(try await verdict(transport) == .refused)
    }

    @Test(arguments: [401, 403])
    func `T13 takes a refusal of us for our fault`(status: Int) async throws {
        let transport = ScriptedTransport(status, #"{"active":true,"error":"tell-nobody"}"#)
        let error = await #expect(throws: VerificationError.self) { try await verdict(transport) }
        #expect(
            error?.code == .misconfigured && error?.detail?.description.hasPrefix("status \(status) ") == true
        )
    }

    @Test(arguments: [
        (400, VerificationError.Reason.rejected), (404, .rejected), (413, .rejected), (408, .failed),
        (429, .rateLimited), (500, .failed),
        (503, .failed),
        (302, .failed), (204, .failed), (100, .failed), (599, .failed),
    ])
    func `T14 takes any other status for an outage`(status: Int, reason: VerificationError.Reason) async {
        await expect(reason) { try await verdict(ScriptedTransport(status, #"{"active":true}"#)) }
    }

    @Test(arguments: [
        (HTTPTransportError.Code.timedOut, VerificationError.Reason.timedOut),
        (.connectionFailed, .unreachable),
        (.tlsFailed, .unreachable), (.bodyTooLarge, .malformedAnswer), (.protocolViolation, .malformedAnswer),
        (.shutDown, .shutDown),
    ])
    func `T14 tells the faults of the transport apart`(
        code: HTTPTransportError.Code,
        reason: VerificationError.Reason
    ) async {
        let error = HTTPTransportError(code: code, message: "")
        await expect(reason) { try await verdict(ScriptedTransport(throwing: error)) }
    }

    @Test func `turns cancellation into its own error`() async {
        await expect(.cancelled) { try await verdict(ScriptedTransport(throwing: CancellationError())) }
    }

    @Test(
        arguments: [
            ("7", Duration.seconds(7)), ("0", .zero), ("999999999999999999999999", .seconds(300)),
            ("86400", .seconds(300)),
            ("Sun, 09 Sep 2001 01:46:50 GMT", .seconds(10)), ("Sunday, 09-Sep-01 01:46:50 GMT", .seconds(10)),
            ("Sun Sep  9 01:46:50 2001", .seconds(10)), ("Sat, 08 Sep 2001 01:46:50 GMT", .zero),
            ("Fri, 31 Dec 9999 23:59:59 GMT", .seconds(300)), ("soon", nil), ("-1", nil), ("1.5", nil),
            ("", nil),
            ("Sun, 31 Feb 2001 01:46:50 GMT", nil), ("Sun, 09 Sep 2001 25:46:50 GMT", nil),
        ] as [(String, Duration?)]
    )
    func `T14 honours Retry-After, within bounds`(field: String, wait: Duration?) async {
        for status in [429, 503] {
            let transport = ScriptedTransport(status, "", fields: ["retry-after": field])
            let error = await #expect(throws: VerificationError.self) { try await verdict(transport) }
            #expect(error?.retryAfter == wait, "\(field)")
        }
    }

    @Test func `survives any mutation of an answer`() async throws {
        var generator = SplitMix64()
        let original = Array(
            #"{"active":true,"sub":"alice\u00e9\n","exp":1.7e9,"iat":"12","aud":["a","b"],"scope":"r w","x":[{"y":-0.5}]}"#
                .utf8
        )
        for round in 0..<20_000 {
            if round.isMultiple(of: 100) { await Task.yield() }
            let bytes = generator.mutation(of: original)
            let claims = try? JSONParser.claims(of: bytes)
            if case .object(let members)? = try? JSONParser.value(of: bytes) {
                #expect(claims == Claims(members), "seed \(SplitMix64.fuzzSeed)")
                #expect(claims?.members == members, "seed \(SplitMix64.fuzzSeed)")
            } else {
                #expect(claims == nil, "seed \(SplitMix64.fuzzSeed)")
            }
            guard let claims else { continue }
            _ = try? IntrospectionAnswer.verdict(claims, verifiedAt: .distantPast)
        }
    }
}
