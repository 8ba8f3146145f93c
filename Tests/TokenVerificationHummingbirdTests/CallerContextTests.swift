import HTTPTransports
import HTTPTypes
import Hummingbird
import Testing
import TokenVerification
import TokenVerificationHummingbird

@Suite(.timeLimit(.minutes(10))) struct CallerContextTests {
    private func serving(_ test: (TestServer) async throws -> Void) async throws {
        let router = Router(context: BasicVerifiedRequestContext.self)
        router.get("open") { _, _ in "open" }
        let members = router.group("members", verifiedBy: NamedVerifier(), realm: "club")
        members.get("me") { _, context in
            "\(context.caller.subject ?? "none") by \(context.verification.source)"
        }
        router.group("strays").group(context: CallerContext<BasicVerifiedRequestContext>.self)
            .get("me") { _, context in context.caller.subject ?? "none" }
        try await TestServer.run(router, test: test)
    }

    @Test func `has a caller behind the middleware`() async throws {
        try await serving { server in
            let reply = try await server.reply(to: "/members/me", authorization: "Bearer alice")
            #expect(String(decoding: reply.body, as: UTF8.self) == "alice by authority")
        }
    }

    @Test func `is reached by no other request`() async throws {
        try await serving { server in
            let reply = try await server.reply(to: "/members/me", authorizations: [])
            #expect(reply.head.status == .unauthorized)
            #expect(reply.head.headerFields[.wwwAuthenticate] == #"Bearer realm="club""#)
            #expect(try await server.reply(to: "/open", authorizations: []).head.status == .ok)
        }
    }

    @Test func `that no middleware filled is a 401, not a caller`() async throws {
        try await serving { server in
            let reply = try await server.reply(to: "/strays/me", authorization: "Bearer alice")
            #expect(reply.head.status == .unauthorized)
        }
    }
}
