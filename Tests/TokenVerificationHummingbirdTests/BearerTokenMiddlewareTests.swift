import CacheStores
import HTTPTransports
import HTTPTypes
import Hummingbird
import Testing
import TokenVerification
import TokenVerificationHummingbird

@Suite(.timeLimit(.minutes(5))) struct BearerTokenMiddlewareTests {
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
