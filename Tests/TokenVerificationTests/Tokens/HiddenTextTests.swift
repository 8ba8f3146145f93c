import CacheStores
import Testing
import TokenVerification

@Suite(.timeLimit(.minutes(10))) struct HiddenTextTests {
    /// The secret, how HTTP Basic sends it with a client's id, and how an array of its bytes is dumped.
    private static let spellings = [
        "hush", "YXBpOmh1", "104, 117, 115, 104", "- 104\n", "- 117\n",
    ]

    private static func values() throws -> [any Sendable] {
        var content = VerifiedToken.Content(
            verifiedAt: .distantPast,
            claims: Claims(["hush": .string("hush")])
        )
        content.subject = "hush"
        content.audiences = ["hush"]
        let hush = String(repeating: "hush", count: 8)
        return [
            try BearerToken(hush), try ClientSecret(hush), try SealingSecret(hush), VerifiedToken(content),
            content, content.claims,
            Verification(token: VerifiedToken(content), source: .store),
            try Sealing.secret(SealingSecret(hush)),
        ] + (try authorities())
    }

    /// Authorities that know a secret, and a verifier that knows one of them.
    private static func authorities() throws -> [any Sendable] {
        let transport = ScriptedTransport(200, "")
        let endpoints = try ClientAuthentication.allCases.map { authentication in
            try IntrospectionEndpoint(
                url: "https://issuer.example/introspect",
                clientID: "api",
                clientSecret: authentication == .certificate ? nil : ClientSecret("hush"),
                authentication: authentication,
                parameters: ["api_key": "hush"],
                transport: transport
            )
        }
        let application = try GitHubApplication(
            clientID: "api",
            clientSecret: ClientSecret("hush"),
            transport: transport
        )
        let cache = try TokenCache(timeToLive: nil)
        return endpoints + [
            application, endpoints[0].identity, try IntrospectionTokenVerifier(endpoints[0], cache: cache),
            try GitHubTokenVerifier(application, cache: cache),
        ]
    }

    @Test func `prints in no way`() throws {
        for value in try Self.values() {
            var dumped = ""
            dump(value, to: &dumped)
            let texts = [
                "\(value)", String(reflecting: value), dumped, "\([value])", "\(Mirror(reflecting: value))",
            ]
            for text in texts {
                for secret in Self.spellings { #expect(!text.contains(secret), "\(type(of: value))") }
            }
        }
    }

    @Test func `is not among the words of an error`() throws {
        for text in ["hush hush", String(repeating: "hush", count: 4_000)] {
            let error = #expect(throws: VerificationError.self) { try BearerToken(text) }
            #expect(error.map { "\($0) \(String(reflecting: $0))" }?.contains("hush") == false)
        }
    }
}
