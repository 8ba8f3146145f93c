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

    /// A context of an application, with a limit of its own.
    private struct SmallContext: VerifiedRequestContext {
        var coreContext: CoreRequestContextStorage
        var verification: Verification?
        let maxUploadSize = 16
        let place = "here"

        init(source: Source) { coreContext = .init(source: source) }
    }

    @Test func `keeps what the application's context has`() async throws {
        let router = Router(context: SmallContext.self)
        router.group(verifiedBy: NamedVerifier()).get("me") { _, context in
            "\(context.parent.place), \(context.maxUploadSize)"
        }
        try await TestServer.run(router) { server in
            let reply = try await server.reply(to: "/me", authorization: "Bearer alice")
            #expect(String(decoding: reply.body, as: UTF8.self) == "here, 16")
        }
    }

    @Test func `that no middleware filled is a 401, not a caller`() async throws {
        try await serving { server in
            let reply = try await server.reply(to: "/strays/me", authorization: "Bearer alice")
            #expect(reply.head.status == .unauthorized)
        }
    }
}
