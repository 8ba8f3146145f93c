import CacheStores
import CacheStoresTesting
import HTTPTransports
import HTTPTypes
import Testing
import TokenVerification
import TokenVerificationTestSupport

/// What is said of an introspection that brought no yes: a refusal, or what exactly was wrong.
@Suite(.timeLimit(.minutes(10))) struct IntrospectionFailureTests {
    private func verdict(_ transport: ScriptedTransport) async throws -> Verdict {
        try await transport.introspected()
    }

    @Test(arguments: [400, 401, 403, 404, 429, 500])
    func `T13 takes an explicit no for a refusal, whatever the status`(status: Int) async throws {
        #expect(try await verdict(ScriptedTransport(status, #"{"active":false}"#)) == .refused)
        let wrong = [
            #"{"active":"false"}"#, #"{"active":null}"#, "{}", "", #"{"active":false"#,
            #"[{"active":false}]"#,
        ]
        for body in wrong {
            await #expect(throws: VerificationError.self) {
                try await verdict(ScriptedTransport(status, body))
            }
        }
        let page = ScriptedTransport(status, #"{"active":false}"#, fields: ["content-type": "text/html"])
        await #expect(throws: VerificationError.self) { try await verdict(page) }
    }

    /// Some servers want a key in the query, and clients with bad tokens must not fill the log.
    @Test func `is logged once, without the endpoint's query`() async throws {
        let log = LogCapture()
        var options = TokenCacheOptions()
        options.logger = log.logger
        let endpoint = try IntrospectionEndpoint(
            url: "https://issuer.example/introspect?api_key=tell-nobody",
            clientID: "api",
            clientSecret: ClientSecret("hush"),
            transport: ScriptedTransport(401, "tell-nobody")
        )
        let cache = try TokenCache(timeToLive: .seconds(60), options: options)
        let verifier = try IntrospectionTokenVerifier(endpoint, cache: cache)
        for token in ["abc", "def", "ghi"] {
            await expect(.credentialsRefused) { try await verifier.verify(BearerToken(token)) }
        }
        #expect(log.messages.count == 1 && log.messages[0].hasPrefix("error"))
        #expect(log.messages[0].contains("status 401 from https://issuer.example/introspect"))
        for secret in ["tell-nobody", "hush", "abc"] { #expect(!log.messages.joined().contains(secret)) }
    }

    @Test(arguments: [
        (#"{"active":1}"#, "member \"active\""), (#"{"active":true,"exp":"tell-nobody"}"#, "member \"exp\""),
        (#"{"active":true,"nbf":[]}"#, "member \"nbf\""), (#"{"active":true,"iat":{}}"#, "member \"iat\""),
        (#"{"active":true,"scope":1}"#, "member \"scope\""),
        (#"{"active":true,"aud":["tell-nobody",1]}"#, "member \"aud\""),
        ("tell-nobody", "the body is not a JSON object"),
    ])
    func `says which member made an answer useless, and not its value`(body: String, detail: String) async {
        let error = await #expect(throws: VerificationError.self) {
            try await verdict(ScriptedTransport(200, body))
        }
        #expect(error?.detail?.description == detail)
    }

    @Test func `says which header, status or limit it was`() async {
        func detail(_ transport: ScriptedTransport) async -> String? {
            await #expect(throws: VerificationError.self) { try await verdict(transport) }?.detail?
                .description
        }
        let page = ScriptedTransport(200, "{}", fields: ["content-type": "text/html"])
        #expect(await detail(page) == "header \"content-type\"")
        #expect(await detail(ScriptedTransport(401)) == "status 401 from https://issuer.example/introspect")
        #expect(await detail(ScriptedTransport(502)) == "status 502")
        func failing(_ code: HTTPTransportError.Code) -> ScriptedTransport {
            ScriptedTransport(throwing: HTTPTransportError(code: code, message: "m\n\u{E9}m"))
        }
        #expect(await detail(failing(.bodyTooLarge)) == "the body is larger than the limit of 65536 bytes")
        // The message is of another transport, which may put anything into it.
        #expect(await detail(failing(.tlsFailed)) == "tlsFailed")
    }

    @Test func `repeats what our own transport says`() async throws {
        let transport = try CurlTransport()
        await transport.shutdown()
        let request = HTTPRequest(method: .get, scheme: "ftp", authority: "localhost", path: "/")
        let limits = HTTPExchangeLimits()
        var own = try await #require(throws: HTTPTransportError.self) {
            try await transport.response(to: request, body: [], limits: limits)
        }
        let error = VerificationError(transportError: own, limits: limits)
        // A fault of the configuration is no outage.
        #expect(error.reason == .rejected)
        #expect(error.detail?.description.contains("the URL must begin with https") == true)
        own.message = "tell-nobody"
        #expect(VerificationError.Detail.transport(own).description == "invalidRequest")
    }

    @Test func `names members and headers only if they are names`() {
        let names = ["", "a b", "a\nb", "é", String(repeating: "a", count: 65)]
        for name in names {
            #expect(VerificationError.Detail.member(name).description == "member")
            #expect(VerificationError.Detail.header(name).description == "header")
        }
        #expect(VerificationError.Detail.member("a_b.c:d-1").description == "member \"a_b.c:d-1\"")
        #expect(VerificationError(.failed, detail: .notJSON) == VerificationError(.failed))
        #expect(!"\(VerificationError(.failed, detail: .notJSON))".contains("JSON"))
    }
}
