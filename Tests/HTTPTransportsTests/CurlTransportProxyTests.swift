import Foundation
import HTTPTransports
import HTTPTypes
import LoopbackHTTP
import Testing

@Suite(.timeLimit(.minutes(1))) struct CurlTransportProxyTests {
    /// Setting the variables concerns the whole process, but no other test may depend on them either.
    @Test func `pays no attention to the environment`() async throws {
        let closed = try LoopbackServer { _ in .reply() }
        await closed.stop()
        let names = ["http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"]
        for name in names {
            setenv(name, closed.url, 1)
        }
        try await withServer { _ in
            .reply()
        } body: { server, transport in
            let request = try HTTPEndpoint(server.url).request(.get)
            #expect(try await transport.response(to: request).head.status == .ok)
        }
        for name in names {
            unsetenv(name)
        }
    }

    @Test func `asks the proxy for every host but loopback ones`() async throws {
        let proxy = try LoopbackServer { request in
            #expect(request.method == "CONNECT")
            #expect(request.target == "authority.invalid:443")
            return .reply(403)
        }
        try await withServer(.init(proxy: proxy.url)) { _ in
            .reply()
        } body: { server, transport in
            let near = try HTTPEndpoint(server.url).request(.get)
            #expect(try await transport.response(to: near).head.status == .ok)
            #expect(proxy.requestCount == 0)
            let far = try HTTPEndpoint("https://authority.invalid/").request(.get)
            #expect(await code { try await transport.response(to: far) } == .connectionFailed)
            #expect(proxy.requestCount == 1)
        }
        await proxy.stop()
    }
}
