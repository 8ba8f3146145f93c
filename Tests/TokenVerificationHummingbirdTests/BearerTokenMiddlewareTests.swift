import CacheStores
import HTTPTransports
import HTTPTypes
import Hummingbird
import Testing
import TokenVerification
import TokenVerificationHummingbird

@Suite(.timeLimit(.minutes(10))) struct BearerTokenMiddlewareTests {
    private static func serving(_ test: (TestServer) async throws -> Void) async throws {
        let router = Router(context: BasicVerifiedRequestContext.self)
        let metadata = "https://api.example/metadata"
        router.add(middleware: BearerTokenMiddleware(verifier: NamedVerifier(), resourceMetadata: metadata))
        router.get("me") { _, context in
            guard let verification = context.verification else { return "nobody" }
            return "\(verification.token.subject ?? "nobody") by \(verification.source)"
        }
        try await TestServer.run(router, test: test)
    }

    @Test func `hands the verification on`() async throws {
        try await Self.serving { server in
            let reply = try await server.reply(to: "/me", authorization: "bearer alice")
            #expect(reply.head.status == .ok)
            #expect(String(decoding: reply.body, as: UTF8.self) == "alice by authority")
        }
    }

    @Test func `T17 answers every other request by RFC 6750`() async throws {
        try await Self.serving { server in
            let answers: [(authorization: [String], status: Int, challenge: String?)] = [
                ([], 401, #"Bearer realm="api", resource_metadata="https://api.example/metadata""#),
                (
                    ["Basic YTpi"], 401,
                    #"Bearer realm="api", resource_metadata="https://api.example/metadata""#
                ),
                (["Bearer refused"], 401, "invalid_token"), (["Bearer narrow"], 403, #"scope="read""#),
                (["Bearer a b"], 400, "invalid_request"), (["Bearer"], 400, "invalid_request"),
                (["Bearer alice", "Bearer alice"], 400, "invalid_request"),
                (["Bearer alice, Bearer alice"], 400, "invalid_request"), (["Bearer down"], 503, nil),
            ]
            for (authorization, status, challenge) in answers {
                let reply = try await server.reply(to: "/me", authorizations: authorization)
                #expect(reply.head.status.code == status, "\(authorization)")
                #expect(reply.body.isEmpty)
                let field = reply.head.headerFields[.wwwAuthenticate]
                #expect(challenge.map { field?.contains($0) == true } ?? (field == nil), "\(authorization)")
                #expect((reply.head.headerFields[.retryAfter] == "7") == (status == 503))
            }
        }
    }

    @Test(arguments: ["access_token=alice", "a=b&access_token=alice", "access%5Ftoken=alice", "access_token"])
    func `T21 refuses a token in the query, whatever else is there`(query: String) async throws {
        try await Self.serving { server in
            for authorization in [[], ["Bearer alice"]] {
                let reply = try await server.reply(to: "/me?\(query)", authorizations: authorization)
                #expect(reply.head.status == .badRequest)
                #expect(reply.head.headerFields[.wwwAuthenticate]?.contains("invalid_request") == true)
            }
        }
    }

    @Test func `takes other words in the query for what they are`() async throws {
        try await Self.serving { server in
            let reply = try await server.reply(
                to: "/me?token=access_token&x=%zz",
                authorization: "Bearer alice"
            )
            #expect(reply.head.status == .ok)
        }
    }

    @Test func `T21 refuses a token in the query of the request that a proxy asks about`() async throws {
        let router = Router(context: BasicVerifiedRequestContext.self)
        let field = try #require(HTTPField.Name("X-Forwarded-Uri"))
        router.add(middleware: BearerTokenMiddleware(verifier: NamedVerifier(), originalTargets: [field]))
        router.get("me") { _, _ in "known" }
        try await TestServer.run(router) { server in
            for (targets, status) in [
                (["/a?access_token=x"], 400), (["/a?b=c&access%5ftoken=x"], 400), (["/a?access_token"], 400),
                (["https://a.example/b?c&access_token=x#d"], 400), (["/a", "/b?access_token=x"], 400),
                (["?access_token=x"], 400), (["/a?access_token=\u{301}x"], 400),
                (["/a?\u{301}b&access_token"], 400), ([], 200), ([""], 200), (["/access_token=x"], 200),
                (["/a#?access_token=x"], 400), (["/a?b=1#&access_token=x"], 400),
                (["/a?b=access_token&xaccess_token=x"], 200),
                (["/a?%zz&access_tokens=x&Access_Token=x"], 200),
            ] as [([String], Int)] {
                let fields = targets.map { HTTPField(name: field, value: $0) }
                let reply = try await server.reply(
                    to: "/me",
                    fields: fields + [HTTPField(name: .authorization, value: "Bearer alice")]
                )
                #expect(reply.head.status.code == status, "\(targets)")
            }
        }
    }

    @Test(arguments: [true, false])
    func `answers an error that a handler throws by its own status`(isBehindMiddleware: Bool) async throws {
        let router = Router(context: BasicVerifiedRequestContext.self)
        if isBehindMiddleware {
            router.add(middleware: BearerTokenMiddleware(verifier: NamedVerifier(), realm: "tea"))
        }
        let errors: [(name: String, error: VerificationError, status: Int, challenge: String?)] = [
            ("refused", VerificationError(.refused), 401, #"error="invalid_token""#),
            ("narrow", VerificationError(.missingScope, requiring: ["write"]), 403, #"scope="write""#),
            ("down", VerificationError(.unreachable, retryAfter: .seconds(7)), 503, nil),
            ("missing", VerificationError(.noCredentials), 401, "Bearer"),
            ("malformed", VerificationError(.malformedToken), 400, #"error="invalid_request""#),
        ]
        for (name, error, _, _) in errors {
            router.get("\(name)") { _, _ -> String in throw error }
        }
        try await TestServer.run(router) { server in
            for (name, _, status, challenge) in errors {
                let reply = try await server.reply(to: "/\(name)", authorization: "Bearer alice")
                #expect(reply.head.status.code == status, "\(name)")
                #expect((reply.head.headerFields[.retryAfter] == "7") == (status == 503))
                let field = reply.head.headerFields[.wwwAuthenticate]
                #expect(challenge.map { field?.contains($0) == true } ?? (field == nil), "\(name)")
                if let field { #expect(field.contains(isBehindMiddleware ? "tea" : "api")) }
            }
        }
    }

    @Test func `throws the challenge to the middleware further out`() async throws {
        let router = Router(context: BasicVerifiedRequestContext.self)
        router.add(middleware: TeapotMiddleware())
        router.add(middleware: BearerTokenMiddleware(verifier: NamedVerifier(), realm: "tea"))
        router.get("me") { _, _ in "somebody" }
        try await TestServer.run(router) { server in
            let reply = try await server.reply(to: "/me")
            #expect(reply.head.status.code == 418)
            #expect(String(decoding: reply.body, as: UTF8.self) == "tea")
        }
    }
}
