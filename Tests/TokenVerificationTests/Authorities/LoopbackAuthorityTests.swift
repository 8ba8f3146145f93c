import CacheStores
import LoopbackHTTP
import Testing
import TokenVerification

/// The authorities over real HTTP, with their own transport.
@Suite(.timeLimit(.minutes(10))) struct LoopbackAuthorityTests {
    @Test func `verifies by introspection, asking once`() async throws {
        let server = try LoopbackServer { _ in
            .reply(text: #"{"active":true,"sub":"alice","scope":"read"}"#)
        }
        let endpoint = try IntrospectionEndpoint(
            url: server.url + "/introspect",
            clientID: "api",
            clientSecret: ClientSecret("hush")
        )
        let cache = try TokenCache(timeToLive: .seconds(60))
        let verifier = try IntrospectionTokenVerifier(endpoint, requiring: .scopes("read"), cache: cache)
        #expect(try await verifier.verification(of: BearerToken("abc")).source == .authority)
        #expect(try await verifier.verify(BearerToken("abc")).subject == "alice")
        #expect(server.requestCount == 1)
        await server.stop()
        #expect(try await verifier.verification(of: BearerToken("abc")).source.isHit)
        await expect(.unreachable) { try await verifier.verify(BearerToken("def")) }
    }

    @Test func `gives up at its deadline`() async throws {
        let server = try LoopbackServer { _ in .stall }
        let endpoint = try IntrospectionEndpoint(
            url: server.url,
            clientID: "api",
            clientSecret: ClientSecret("hush"),
            deadline: .milliseconds(50)
        )
        await expect(.timedOut) { try await endpoint.verdict(on: BearerToken("abc"), clock: .system) }
        await server.stop()
    }
}
