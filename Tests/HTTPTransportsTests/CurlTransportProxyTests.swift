import Foundation
import HTTPTransports
import HTTPTypes
import LoopbackHTTP
import Testing

@Suite(.timeLimit(.minutes(10))) struct CurlTransportProxyTests {
    /// In a process of its own: the environment is no thing to change beside other tests.
    @Test func `pays no attention to proxies in the environment`() async throws {
        await #expect(processExitsWith: .success) {
            let closed = try LoopbackServer { _ in .reply() }
            await closed.stop()
            for name in ["http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"] {
                setenv(name, closed.url, 1)
            }
            try await withServer { _ in
                .reply()
            } body: { server, transport in
                let request = try HTTPEndpoint(server.url).request(.get)
                #expect(try await transport.response(to: request).head.status == .ok)
            }
        }
    }

    @Test func `makes no exception from its proxy for the environment`() async throws {
        await #expect(processExitsWith: .success) {
            for name in ["no_proxy", "NO_PROXY"] { setenv(name, "*", 1) }
            let proxy = try LoopbackServer { _ in .reply(403) }
            try await withTransport(.init(connectDeadline: .seconds(50), proxy: proxy.url)) { transport in
                let request = try HTTPEndpoint("https://authority.invalid/").request(.get)
                #expect(await code { try await transport.response(to: request) } == .connectionFailed)
            }
            #expect(proxy.requestCount == 1)
            await proxy.stop()
        }
    }

    @Test func `asks the proxy for every host but loopback ones`() async throws {
        let proxy = try LoopbackServer { request in
            #expect(request.method == "CONNECT")
            #expect(request.target == "authority.invalid:443")
            #expect(request.fields.map(\.name).sorted() == ["host", "proxy-connection"])
            return .reply(403)
        }
        try await withServer(.init(proxy: proxy.url)) { _ in
            .reply()
        } body: { server, transport in
            let near = try HTTPEndpoint(server.url).request(.get)
            #expect(try await transport.response(to: near).head.status == .ok)
            #expect(proxy.requestCount == 0)
            let far = try HTTPEndpoint("https://authority.invalid/")
                .request(.get, headerFields: [.authorization: "Bearer not-for-the-proxy"])
            #expect(await code { try await transport.response(to: far) } == .connectionFailed)
            #expect(proxy.requestCount == 1)
        }
        await proxy.stop()
    }
}
