import CacheStores
import HTTPTransports
import HTTPTypes
import Testing
import TokenVerification

/// T1…T5 in `Behaviour.md`: what is sent to an introspection endpoint.
@Suite(.timeLimit(.minutes(10))) struct IntrospectionRequestTests {
    private func sent(
        clientID: String = "api",
        secret: String = "s3cret",
        authentication: ClientAuthentication = .basic,
        sendsTokenTypeHint: Bool = true,
        parameters: [String: String] = [:],
        headerFields: [String: String] = [:],
        token: String = "abc"
    ) async throws -> ScriptedTransport.Sent {
        let transport = ScriptedTransport(200, #"{"active":false}"#)
        let endpoint = try IntrospectionEndpoint(
            url: "https://issuer.example/introspect?tenant=1",
            clientID: clientID,
            clientSecret: authentication == .certificate ? nil : ClientSecret(secret),
            authentication: authentication,
            sendsTokenTypeHint: sendsTokenTypeHint,
            parameters: parameters,
            headerFields: headerFields,
            transport: transport
        )
        #expect(try await endpoint.verdict(on: BearerToken(token), clock: .system) == .refused)
        return try #require(transport.sent)
    }

    @Test func `T5 posts a form and asks for JSON`() async throws {
        let sent = try await sent()
        #expect(sent.request.method == .post)
        #expect(sent.request.authority == "issuer.example" && sent.request.path == "/introspect?tenant=1")
        #expect(sent.request.headerFields[.accept] == "application/json")
        #expect(sent.request.headerFields[.contentType] == "application/x-www-form-urlencoded")
        #expect(sent.body == "token=abc&token_type_hint=access_token")
        #expect(sent.limits.deadline == .seconds(10) && sent.limits.maximumBodySize == 64 * 1024)
    }

    @Test func `T1 encodes id and secret separately`() async throws {
        // The vector of RFC 6749 appendix B, with %20 for the space.
        #expect(FormEncoding.encode(" %&+£€") == "%20%25%26%2B%C2%A3%E2%82%AC")
        let sent = try await sent(clientID: "a:b", secret: " %&+£€")
        // base64("a%3Ab:%20%25%26%2B%C2%A3%E2%82%AC")
        let expected = "Basic YSUzQWI6JTIwJTI1JTI2JTJCJUMyJUEzJUUyJTgyJUFD"
        #expect(sent.request.headerFields[.authorization] == expected)
        #expect(!sent.body.contains("client"))
    }

    @Test func `T1 sends them raw where the server wants that`() async throws {
        let sent = try await sent(secret: "a b%", authentication: .basicRaw)
        #expect(sent.request.headerFields[.authorization] == "Basic YXBpOmEgYiU=")
        #expect(throws: ConfigurationError.self) {
            try IntrospectionEndpoint(
                url: "https://a.example",
                clientID: "a:b",
                clientSecret: ClientSecret("x"),
                authentication: .basicRaw
            )
        }
    }

    @Test func `T2 puts credentials into the body and no Authorization field`() async throws {
        let sent = try await sent(secret: "a&b", authentication: .post)
        #expect(sent.request.headerFields[.authorization] == nil)
        #expect(sent.body.hasSuffix("&client_id=api&client_secret=a%26b"))
    }

    @Test func `T3 brings any token across`() async throws {
        #expect(try await sent(token: "a+/b==").body.hasPrefix("token=a%2B%2Fb%3D%3D&"))
        #expect(FormEncoding.encode("& = + %") == "%26%20%3D%20%2B%20%25")
    }

    @Test func `T4 leaves the hint out when told so`() async throws {
        #expect(try await sent(sendsTokenTypeHint: false).body == "token=abc")
    }

    @Test func `sends further parameters in a fixed order`() async throws {
        let sent = try await sent(parameters: ["b": "2 2", "a": "1"])
        #expect(sent.body == "token=abc&a=1&b=2%202&token_type_hint=access_token")
    }

    @Test func `sends further header fields, but none that it or the protocol sets`() async throws {
        let sent = try await sent(headerFields: ["X-Api-Key": "k"])
        #expect(sent.request.headerFields[HTTPField.Name("X-Api-Key") ?? .accept] == "k")
        #expect(sent.request.headerFields[.contentType] == "application/x-www-form-urlencoded")
        for wrong in [
            ["Authorization": "x"], ["HOST": "x"], ["a b": "x"], ["X-A": "a\r\nb"], ["X-A": "1", "x-a": "2"],
        ] {
            let error = await #expect(throws: ConfigurationError.self) {
                try await self.sent(headerFields: wrong)
            }
            #expect(error?.message.contains("headerFields") == true)
        }
    }

    @Test func `names itself without a secret where its certificate says who asks`() async throws {
        let sent = try await sent(authentication: .certificate)
        #expect(sent.request.headerFields[.authorization] == nil)
        #expect(sent.body == "token=abc&token_type_hint=access_token&client_id=api")
        for (secret, authentication) in [
            (nil, ClientAuthentication.basic), (try ClientSecret("x"), .certificate),
        ] {
            #expect(throws: ConfigurationError.self) {
                try IntrospectionEndpoint(
                    url: "https://a.example",
                    clientID: "api",
                    clientSecret: secret,
                    authentication: authentication
                )
            }
        }
    }

    @Test func `takes larger answers only when told so`() async throws {
        let transport = ScriptedTransport(200, #"{"active":false}"#)
        func endpoint(_ size: Int) throws -> IntrospectionEndpoint {
            try IntrospectionEndpoint(
                url: "https://issuer.example",
                clientID: "api",
                clientSecret: ClientSecret("x"),
                maximumAnswerSize: size,
                transport: transport
            )
        }
        _ = try await endpoint(262_144).verdict(on: BearerToken("abc"), clock: .system)
        #expect(transport.sent?.limits.maximumBodySize == 262_144)
        for size in [0, -1, 1_023, 786_433] {
            let error = #expect(throws: ConfigurationError.self) { try endpoint(size) }
            #expect(error?.message.contains("maximumAnswerSize") == true)
        }
    }

    /// A colon and a combining mark are one character, and still a colon.
    @Test(arguments: ["a:b", "a:\u{301}b"])
    func `finds a colon that raw credentials can't have`(clientID: String) {
        #expect(throws: ConfigurationError.self) {
            try IntrospectionEndpoint(
                url: "https://issuer.example",
                clientID: clientID,
                clientSecret: ClientSecret("x"),
                authentication: .basicRaw,
                transport: ScriptedTransport()
            )
        }
        #expect(throws: ConfigurationError.self) {
            try GitHubApplication(
                clientID: clientID,
                clientSecret: ClientSecret("x"),
                transport: ScriptedTransport()
            )
        }
    }

    @Test(arguments: [
        "http://issuer.example/introspect", "http://127.0.0.1.evil.example", "ftp://localhost",
        "issuer.example", "",
        "https://user:pass@issuer.example", "https://issuer.example/#x",
    ])
    func `T5 refuses an address that is not safe`(url: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try IntrospectionEndpoint(url: url, clientID: "api", clientSecret: ClientSecret("x"))
        }
        #expect(error?.message.contains("pass") == false)
    }

    @Test(arguments: [
        "https://issuer.example", "http://localhost:8080", "http://127.0.0.1/x", "http://[::1]:1/x",
    ])
    func `T5 allows plain HTTP to loopback only`(url: String) throws {
        _ = try IntrospectionEndpoint(url: url, clientID: "api", clientSecret: ClientSecret("x"))
    }

    @Test func `T5 allows plain HTTP to other hosts where told so`() async throws {
        let url = "http://issuer.internal/introspect"
        let transport = ScriptedTransport(200, #"{"active":false}"#)
        let endpoint = try IntrospectionEndpoint(
            url: url,
            clientID: "api",
            clientSecret: ClientSecret("x"),
            allowsPlainHTTP: true,
            transport: transport
        )
        #expect(try await endpoint.verdict(on: BearerToken("abc"), clock: .system) == .refused)
        #expect(transport.sent?.request.scheme == "http")
        #expect(transport.sent?.limits.allowsPlainHTTP == true)
        let api = try GitHubAPI(url: url, allowsPlainHTTP: true, transport: transport)
        #expect(api.identity.parameters["endpoint"] == url + "/user")
        #expect(throws: ConfigurationError.self) { try GitHubAPI(url: url, transport: transport) }
        let application = try GitHubApplication(
            clientID: "app",
            clientSecret: ClientSecret("x"),
            url: url,
            allowsPlainHTTP: true,
            transport: transport
        )
        #expect(application.identity.parameters["endpoint"] == url + "/applications/app/token")
    }

    @Test(arguments: ["token", "client_id", "client_secret", "token_type_hint"])
    func `refuses a parameter that it sets itself`(name: String) {
        #expect(throws: ConfigurationError.self) {
            try IntrospectionEndpoint(
                url: "https://issuer.example",
                clientID: "api",
                clientSecret: ClientSecret("x"),
                parameters: [name: ""]
            )
        }
    }

    @Test func `has an identity that binds all but the secret`() throws {
        func identity(
            _ url: String = "https://a.example/i",
            _ id: String = "api",
            _ authentication: ClientAuthentication = .basic,
            hint: Bool = true,
            parameters: [String: String] = [:],
            headerFields: [String: String] = [:],
            scopeClaim: String = "scope",
            secret: String = "x"
        ) throws -> AuthorityIdentity {
            try IntrospectionEndpoint(
                url: url,
                clientID: id,
                clientSecret: ClientSecret(secret),
                authentication: authentication,
                sendsTokenTypeHint: hint,
                parameters: parameters,
                headerFields: headerFields,
                scopeClaim: scopeClaim
            ).identity
        }
        let identities = try [
            identity(), identity("https://b.example/i"), identity("https://a.example/i", "other"),
            identity("https://a.example/i", "api", .post), identity(hint: false),
            identity(parameters: ["a": "1"]),
            identity(parameters: ["a": "2"]), identity(headerFields: ["a": "1"]), identity(scopeClaim: "scp"),
        ]
        #expect(Set(identities).count == identities.count)
        #expect(try identity(secret: "y") == identities[0])
        #expect(try identity("HTTPS://A.example:443/i") == identities[0])
    }
}
