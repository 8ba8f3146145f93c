import HTTPTransports
import HTTPTypes
import Hummingbird
import Testing
import TokenVerification
import TokenVerificationHummingbird

/// RFC 9728, as a client without a token sees it.
@Suite(.timeLimit(.minutes(10))) struct ProtectedResourceTests {
    @Test func `a client is led from the challenge to the document`() async throws {
        let root = try ProtectedResourceMetadata(
            resource: "https://api.example",
            authorizationServers: ["https://issuer.example"]
        )
        let mcp = try ProtectedResourceMetadata(
            resource: "https://api.example/mcp",
            authorizationServers: ["https://issuer.example"],
            scopes: ["read"]
        )
        let router = Router(context: BasicVerifiedRequestContext.self)
        router.protectedResources(root, mcp)
        router.group()
            .add(middleware: BearerTokenMiddleware(verifier: NamedVerifier(), resourceMetadata: mcp.url))
            .get("mcp") { _, _ in "known" }
        try await TestServer.run(router) { server in
            let challenge = try await server.reply(to: "/mcp").head.headerFields[.wwwAuthenticate]
            #expect(challenge?.contains("resource_metadata=\"\(mcp.url)\"") == true)
            for metadata in [root, mcp] {
                let reply = try await server.reply(to: metadata.path)
                #expect(reply.head.status == .ok && reply.body == metadata.json)
                #expect(reply.head.headerFields[.contentType] == "application/json")
                #expect(reply.head.headerFields[.accessControlAllowOrigin] == "*")
            }
            for path in ["/other", "/mcp/", "/mcp/more", "/%6Dcp"] {
                let reply = try await server.reply(to: ProtectedResourceMetadata.wellKnownPath + path)
                #expect(reply.head.status == .notFound, "\(path)")
            }
        }
    }
}
