import CacheStores
import CacheStoresTesting
import HTTPTypes
import Testing
import TokenVerification

@Suite(.timeLimit(.minutes(10))) struct GitHubTests {
    static let user =
        #"{"id":583231,"login":"octocat","name":null,"email":"o@x.example","avatar_url":"https://a"}"#

    private let scene = Scene()

    private func verdict(_ transport: ScriptedTransport) async throws -> Verdict {
        let api = try GitHubAPI(transport: transport)
        return try await api.verdict(on: BearerToken("gho_abc"), clock: scene.wallClock)
    }

    private func token(_ body: String = user, fields: [String: String] = [:]) async throws -> VerifiedToken {
        let verdict = try await verdict(ScriptedTransport(200, body, fields: fields))
        guard case .accepted(let token, cacheable: true) = verdict else { throw VerificationError(.refused) }
        return token
    }

    @Test func `asks once, as GitHub wants it`() async throws {
        let transport = ScriptedTransport(200, Self.user)
        _ = try await verdict(transport)
        let request = try #require(transport.sent?.request)
        #expect(request.method == .get && request.authority == "api.github.com" && request.path == "/user")
        #expect(request.headerFields[.authorization] == "Bearer gho_abc")
        #expect(request.headerFields[.accept] == "application/vnd.github+json")
        #expect(request.headerFields[.userAgent] != nil)
    }

    @Test func `asks an Enterprise Server below its path`() async throws {
        let transport = ScriptedTransport(200, Self.user)
        let api = try GitHubAPI(url: "https://ghe.example/api/v3/", transport: transport)
        _ = try await api.verdict(on: BearerToken("gho_abc"), clock: scene.wallClock)
        #expect(transport.sent?.request.path == "/api/v3/user")
    }

    @Test func `names the user by number`() async throws {
        let token = try await token()
        #expect(token.subject == "583231" && token.username == "octocat")
        // GitHub does not say which application the token was issued to.
        #expect(token.clientID == nil)
        #expect(token.claims["sub"] == .string("583231") && token.claims["name"] == .null)
        #expect(token.claims["github_user_data"]?.object?["login"] == .string("octocat"))
    }

    @Test(arguments: [
        "{}", #"{"id":null}"#, #"{"id":"1"}"#, #"{"id":1.5}"#, #"{"id":9223372036854775808}"#, "[]", "",
        "null",
    ])
    func `takes a user without a number for no answer`(body: String) async {
        await expect(.malformedAnswer) { try await token(body) }
    }

    @Test(
        arguments: [("repo, user:email", ["repo", "user:email"]), ("", []), ("a,,b , a", ["a", "b"])]
            as [(String, Set<String>)]
    )
    func `reads the scopes of a classic token`(field: String, scopes: Set<String>) async throws {
        #expect(try await token(fields: ["x-oauth-scopes": field]).scopes == scopes)
    }

    @Test func `knows no scopes where the field is absent`() async throws {
        #expect(try await token().scopes == nil)
    }

    @Test func `joins repeated fields`() async throws {
        let fields = [
            ("content-type", "application/json"), ("x-oauth-scopes", "repo"), ("X-OAuth-Scopes", "gist"),
        ]
        let transport = ScriptedTransport(200, Array(Self.user.utf8), fields: fields)
        guard case .accepted(let token, _) = try await verdict(transport) else {
            throw VerificationError(.refused)
        }
        #expect(token.scopes == ["repo", "gist"])
    }

    @Test(arguments: [
        ("2001-09-09 01:46:40 UTC", Int64(1_000_000_000_000)),
        ("2001-09-09 01:46:40 +0000", 1_000_000_000_000),
        ("2001-09-09 03:46:40 +0200", 1_000_000_000_000), ("2001-09-08 18:46:40 -0700", 1_000_000_000_000),
        ("2001-09-09T01:46:40Z", 1_000_000_000_000), ("2000-02-29 00:00:00 UTC", 951_782_400_000),
    ])
    func `reads the token's expiry`(field: String, milliseconds: Int64) async throws {
        let token = try await token(fields: ["github-authentication-token-expiration": field])
        #expect(token.expiry?.millisecondsSince1970 == milliseconds)
    }

    @Test(arguments: [
        "", "tomorrow", "2001-02-30 00:00:00 UTC", "2001-09-09 01:46:40", "2001-09-09 01:46:40 PST",
        "2001-09-09 24:00:00 UTC", "0000-01-01 00:00:00 UTC", "2001-09-09 01:46 UTC",
        "99999-09-09 01:46:40 UTC",
    ])
    func `fails closed on an expiry that it can't read`(field: String) async {
        await expect(.malformedAnswer) {
            try await token(fields: ["github-authentication-token-expiration": field])
        }
    }

    @Test(
        arguments: [
            (401, [:], VerificationError.Reason?.none, Duration?.none),
            (403, ["retry-after": "60"], .rateLimited, .seconds(60)),
            (429, [:], .rateLimited, nil),
            (429, ["retry-after": "1"], .rateLimited, .seconds(1)),
            (
                403, ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "1000000030"], .rateLimited,
                .seconds(30)
            ),
            (403, ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "1e300"], .rateLimited, .seconds(300)),
            (403, ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "nan"], .rateLimited, nil),
            (403, [:], .rejected, nil),
            (403, ["x-ratelimit-remaining": "7"], .rejected, nil),
            (500, [:], .failed, nil), (502, [:], .failed, nil), (404, [:], .rejected, nil),
            (304, [:], .failed, nil),
        ] as [(Int, [String: String], VerificationError.Reason?, Duration?)]
    )
    func `takes 401 for a refusal, and limits and faults for none`(
        status: Int,
        fields: [String: String],
        reason: VerificationError.Reason?,
        wait: Duration?
    ) async throws {
        let transport = ScriptedTransport(status, Self.user, fields: fields)
        guard let reason else {
            #expect(try await verdict(transport) == .refused)
            return
        }
        let error = await #expect(throws: VerificationError.self) { try await verdict(transport) }
        #expect(error?.reason == reason && error?.retryAfter == wait)
    }

    static let permanent = [
        "Resource not accessible by integration", "Resource not accessible by personal access token",
        "Sorry. Your account was suspended", "Sorry. Your account was suspended.",
        "This installation has been suspended",
        "Resource protected by organization SAML enforcement. You must grant your OAuth token access to this organization.",
    ]

    private static func body(_ message: String) -> String { #"{"message":"\#(message)","status":"403"}"# }

    /// `ghs_` tokens of installations among them: `GET /user` is not for them, and never will be.
    @Test(arguments: permanent)
    func `takes a 403 that is about the token for a refusal`(message: String) async throws {
        let body = Self.body(message)
        let fields = ["x-ratelimit-remaining": "4999"]
        #expect(try await verdict(ScriptedTransport(403, body, fields: fields)) == .refused)
        for fields in [["retry-after": "60"], ["x-ratelimit-remaining": "0"]] {
            await expect(.rateLimited) { try await verdict(ScriptedTransport(403, body, fields: fields)) }
        }
        for status in [400, 404, 429, 500] {
            await #expect(throws: VerificationError.self) {
                try await verdict(ScriptedTransport(status, body))
            }
        }
        let page = ScriptedTransport(403, body, fields: ["content-type": "text/html"])
        await expect(.rejected) { try await verdict(page) }
    }

    @Test(arguments: [
        ("Maximum number of login attempts exceeded. Please try again later.", true),
        ("You have exceeded a secondary rate limit. Please wait a few minutes before you try again.", true),
        (
            "You have triggered an abuse detection mechanism. Please wait a few minutes before you try again.",
            true
        ),
        (
            "Although you appear to have the correct authorization credentials, the `x` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.",
            false
        ),
        (
            "Request forbidden by administrative rules. Please make sure your request has a User-Agent header",
            false
        ),
        ("Not: Resource not accessible by integration", false),
    ])
    func `asks to wait after a 403 only where that helps`(message: String, helps: Bool) async {
        let transport = ScriptedTransport(403, Self.body(message))
        let error = await #expect(throws: VerificationError.self) { try await verdict(transport) }
        #expect(error?.reason == (helps ? .rateLimited : .rejected))
        #expect(error?.retryAfter == (helps ? .seconds(60) : nil))
        #expect(error?.limitsServer == message.hasPrefix("Maximum number of login attempts"))
    }

    /// Only failed logins count against this server; what a user does elsewhere must not lock others out here.
    @Test(arguments: [
        (403, "Maximum number of login attempts exceeded", ["retry-after": "60"], true),
        (403, "Maximum number of login attempts exceeded", ["x-ratelimit-remaining": "0"], true),
        (403, "API rate limit exceeded for user ID 1.", ["x-ratelimit-remaining": "0"], false),
        (403, "You have exceeded a secondary rate limit", ["retry-after": "60"], false),
        (429, "", [:], false),
    ])
    func `tells a limit of the server from one of a token`(
        status: Int,
        message: String,
        fields: [String: String],
        limitsServer: Bool
    ) async {
        let transport = ScriptedTransport(status, Self.body(message), fields: fields)
        let error = await #expect(throws: VerificationError.self) { try await verdict(transport) }
        #expect(error?.reason == .rateLimited && error?.limitsServer == limitsServer)
    }

    @Test func `can't be required to name an audience or an issuer`() throws {
        let cache = try TokenCache(timeToLive: nil)
        for requirements in [TokenRequirements(audiences: ["a"]), TokenRequirements(issuer: "a")] {
            #expect(throws: ConfigurationError.self) {
                try GitHubTokenVerifier(requiring: requirements, cache: cache)
            }
        }
        _ = try GitHubTokenVerifier(requiring: .scopes("repo"), cache: cache)
    }
}

@Suite(.timeLimit(.minutes(10))) struct GitHubApplicationTests {
    private let scene = Scene()

    private func verdict(_ transport: ScriptedTransport) async throws -> Verdict {
        let application = try GitHubApplication(
            clientID: "Iv1/x y",
            clientSecret: ClientSecret("hush"),
            transport: transport
        )
        return try await application.verdict(on: BearerToken("gho_abc"), clock: scene.wallClock)
    }

    private func body(_ members: String) -> String { #"{"user":"# + GitHubTests.user + "," + members + "}" }

    @Test func `asks about our application`() async throws {
        let transport = ScriptedTransport(404)
        #expect(try await verdict(transport) == .refused)
        let sent = try #require(transport.sent)
        #expect(sent.request.method == .post && sent.request.path == "/applications/Iv1%2Fx%20y/token")
        #expect(sent.request.headerFields[.authorization] == "Basic SXYxL3ggeTpodXNo")
        #expect(sent.body == #"{"access_token":"gho_abc"}"#)
    }

    @Test func `reads scopes, user and expiry`() async throws {
        let members = #""scopes":["repo"],"expires_at":"2001-09-09T01:46:50.123Z""#
        guard case .accepted(let token, true) = try await verdict(ScriptedTransport(200, body(members)))
        else {
            throw VerificationError(.refused)
        }
        #expect(token.subject == "583231" && token.clientID == "Iv1/x y" && token.scopes == ["repo"])
        #expect(token.expiry?.millisecondsSince1970 == 1_000_000_010_000)
    }

    @Test func `knows no expiry from null, and no scopes from none`() async throws {
        let transport = ScriptedTransport(200, body(#""expires_at":null"#))
        guard case .accepted(let token, true) = try await verdict(transport) else {
            throw VerificationError(.refused)
        }
        #expect(token.expiry == nil && token.scopes == nil)
    }

    @Test(arguments: [#""expires_at":"soon""#, #""expires_at":1"#, #""scopes":"repo""#, #""scopes":[1]"#])
    func `fails closed on what it can't read`(members: String) async {
        await expect(.malformedAnswer) { try await verdict(ScriptedTransport(200, body(members))) }
    }

    @Test(arguments: ["{}", #"{"user":[]}"#, #"{"user":{}}"#]) func `fails closed without a user`(
        body: String
    ) async {
        await expect(.malformedAnswer) { try await verdict(ScriptedTransport(200, body)) }
    }

    /// GitHub's schema has `nullable-simple-user`: of a deleted account, or of an installation.
    @Test func `refuses a token that speaks for no user`() async throws {
        #expect(try await verdict(ScriptedTransport(200, #"{"user":null,"scopes":[]}"#)) == .refused)
    }

    @Test(arguments: [
        (404, VerificationError.Reason?.none), (422, .rejected), (401, .credentialsRefused), (403, .rejected),
        (429, .rateLimited),
        (500, .failed),
    ])
    func `tells refusals, faults of ours and outages apart`(
        status: Int,
        reason: VerificationError.Reason?
    ) async throws {
        guard let reason else {
            #expect(try await verdict(ScriptedTransport(status)) == .refused)
            return
        }
        await expect(reason) { try await verdict(ScriptedTransport(status)) }
    }
}
