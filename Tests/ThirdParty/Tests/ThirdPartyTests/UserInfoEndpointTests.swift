import CacheStores
import Foundation
import HTTPTransports
import HTTPTypes
import Testing
import ThirdParty
import TokenVerification

/// The authority of the article *Writing an authority*.
@Suite(.timeLimit(.minutes(10))) struct UserInfoEndpointTests {
    private static let ada = #"{"sub":"ada","preferred_username":"Ada","email":"ada@example.com"}"#

    private static func endpoint(
        _ status: Int,
        _ body: String = "",
        _ fields: HTTPFields = [:]
    ) throws -> UserInfoEndpoint {
        var fields = fields
        if fields[.contentType] == nil { fields[.contentType] = "application/json" }
        let reply = HTTPReply(
            head: HTTPResponse(status: .init(code: status), headerFields: fields),
            body: Array(body.utf8)
        )
        return try UserInfoEndpoint(
            url: "https://issuer.example/userinfo",
            transport: TableTransport { request in
                #expect(request.path == "/userinfo" && request.method == .get)
                #expect(request.headerFields[.authorization] == "Bearer abc")
                return reply
            }
        )
    }

    private func verdict(_ endpoint: UserInfoEndpoint) async throws -> Verdict {
        try await endpoint.verdict(on: BearerToken("abc"), clock: .system)
    }

    @Test func `answers through a cache`() async throws {
        let cache = try TokenCache(timeToLive: .seconds(60))
        let verifier = try AuthorityTokenVerifier(authority: Self.endpoint(200, Self.ada), cache: cache)
        let token = try BearerToken("abc")
        let caller = try await verifier.verify(token)
        #expect(caller.subject == "ada" && caller.username == "Ada")
        #expect(caller.scopes == nil && caller.audiences.isEmpty && caller.expiry == nil)
        #expect(try await verifier.verification(of: token).source == .memory)
        await cache.shutdown()
    }

    @Test func `takes a 401 and a missing scope for a refusal, and nothing else`() async throws {
        #expect(try await verdict(Self.endpoint(401)) == .refused)
        let lacking: HTTPFields = [.wwwAuthenticate: #"Bearer error="insufficient_scope""#]
        #expect(try await verdict(Self.endpoint(403, "", lacking)) == .refused)
        let failures: [(UserInfoEndpoint, VerificationError.Code)] = [
            (try Self.endpoint(403), .unavailable), (try Self.endpoint(429), .unavailable),
            (try Self.endpoint(500), .unavailable), (try Self.endpoint(302), .unavailable),
            (try Self.endpoint(200, "{}"), .unavailable),
            (try Self.endpoint(200, #"{"sub":""}"#), .unavailable),
            (try Self.endpoint(200, #"{"sub":7}"#), .unavailable),
            (try Self.endpoint(200, "<html></html>", [.contentType: "text/html"]), .unavailable),
            (try Self.endpoint(200, "eyJ", [.contentType: "application/jwt"]), .unavailable),
        ]
        for (endpoint, code) in failures {
            let error = await #expect(throws: VerificationError.self) { try await verdict(endpoint) }
            #expect(error?.code == code)
        }
    }

    @Test func `can't be asked for an audience, an issuer or a scope`() async throws {
        let cache = try TokenCache(timeToLive: .seconds(60))
        for requirements in [TokenRequirements(audiences: ["api"]), TokenRequirements(issuer: "issuer")] {
            #expect(throws: ConfigurationError.self) {
                try AuthorityTokenVerifier(
                    authority: Self.endpoint(200, Self.ada),
                    requiring: requirements,
                    cache: cache
                )
            }
        }
        let verifier = try AuthorityTokenVerifier(
            authority: Self.endpoint(200, Self.ada),
            requiring: .scopes("read"),
            cache: cache
        )
        await #expect(throws: VerificationError(.missingScope, requiring: ["read"])) {
            try await verifier.verify(BearerToken("abc"))
        }
        await cache.shutdown()
    }

    @Test func `is the code that the article shows`() throws {
        let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../..")
        let article = "Sources/TokenVerification/TokenVerification.docc/WritingAnAuthority.md"
        let source = "Tests/ThirdParty/Sources/ThirdParty/UserInfoEndpoint.swift"
        let shown = try String(contentsOf: package.appending(path: article), encoding: .utf8)
        let code = try String(contentsOf: package.appending(path: source), encoding: .utf8)
        #expect(shown.contains("```swift\n\(code)```"))
    }
}
