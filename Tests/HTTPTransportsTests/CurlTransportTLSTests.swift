import HTTPTransports
import HTTPTypes
import LoopbackHTTP
import Testing

@Suite(.timeLimit(.minutes(10))) struct CurlTransportTLSTests {
    @Test(arguments: ["localhost", "127.0.0.1"])
    func `trusts a certificate of the authority for that host`(host: String) async throws {
        try await withTLSServer(names: "DNS:localhost,IP:127.0.0.1") { port, certificates in
            let request = try HTTPEndpoint("https://\(host):\(port)/").request(.get)
            try await withTransport(
                .init(connectDeadline: .seconds(50), certificateAuthorityFile: certificates.authority)
            ) { transport in
                let reply = try await transport.response(to: request)
                #expect(reply.head.status == .ok)
            }
        }
    }

    @Test func `shows its certificate to a server that requires one`() async throws {
        try await withTLSServer(names: "DNS:localhost", requiresClient: true) { port, certificates in
            try await certificates.makeClient("client")
            let request = try HTTPEndpoint("https://localhost:\(port)/").request(.get)
            var configuration = CurlTransport.Configuration(
                connectDeadline: .seconds(50),
                certificateAuthorityFile: certificates.authority
            )
            try await withTransport(configuration) { transport in
                #expect(await code { try await transport.response(to: request) } != nil)
            }
            configuration.clientCertificateFile = certificates.path("client.pem")
            configuration.clientKeyFile = certificates.path("client.key")
            try await withTransport(configuration) { transport in
                let reply = try await transport.response(to: request)
                let page = String(decoding: reply.body, as: UTF8.self).filter { $0 != " " }
                #expect(page.contains("CN=client"))
            }
            configuration.clientKeyFile = certificates.path("nowhere.key")
            #expect(throws: HTTPTransportError.self) { try CurlTransport(configuration) }
            configuration.clientCertificateFile = nil
            configuration.clientKeyFile = certificates.path("client.key")
            #expect(throws: HTTPTransportError.self) { try CurlTransport(configuration) }
        }
    }

    @Test func `refuses a certificate of an unknown authority`() async throws {
        try await withTLSServer(names: "DNS:localhost") { port, certificates in
            let request = try HTTPEndpoint("https://localhost:\(port)/").request(.get)
            for file in [certificates.stranger, nil] {
                try await withTransport(.init(connectDeadline: .seconds(50), certificateAuthorityFile: file))
                { transport in
                    #expect(await code { try await transport.response(to: request) } == .tlsFailed)
                }
            }
        }
    }

    @Test(arguments: ["localhost", "127.0.0.1"])
    func `refuses a certificate for another host`(host: String) async throws {
        try await withTLSServer(names: "DNS:authority.example,IP:127.0.0.2") { port, certificates in
            let request = try HTTPEndpoint("https://\(host):\(port)/").request(.get)
            try await withTransport(
                .init(connectDeadline: .seconds(50), certificateAuthorityFile: certificates.authority)
            ) { transport in
                #expect(await code { try await transport.response(to: request) } == .tlsFailed)
            }
        }
    }

    @Test(arguments: [
        ("-tls1_1", HTTPTransportError.Code?.some(.tlsFailed)), ("-tls1_2", nil), ("-tls1_3", nil),
    ])
    func `speaks no version before TLS 1_2`(option: String, expected: HTTPTransportError.Code?) async throws {
        // At OpenSSL's usual level the server itself would refuse the old version.
        let options = [option, "-cipher", "DEFAULT:@SECLEVEL=0"]
        try await withTLSServer(names: "DNS:localhost", options: options) { port, certificates in
            let request = try HTTPEndpoint("https://localhost:\(port)/").request(.get)
            try await withTransport(
                .init(connectDeadline: .seconds(50), certificateAuthorityFile: certificates.authority)
            ) { transport in
                #expect(await code { try await transport.response(to: request) } == expected)
            }
        }
    }

    /// The server prefers HTTP/2, and then doesn't speak it: a client that offers it waits in vain.
    @Test func `speaks HTTP 1_1`() async throws {
        try await withTLSServer(names: "DNS:localhost", options: ["-alpn", "h2,http/1.1"]) {
            port,
            certificates in
            let request = try HTTPEndpoint("https://localhost:\(port)/").request(.get)
            try await withTransport(
                .init(connectDeadline: .seconds(50), certificateAuthorityFile: certificates.authority)
            ) { transport in
                let limits = HTTPExchangeLimits(deadline: .seconds(20))
                let reply = try await transport.response(to: request, limits: limits)
                #expect(reply.head.status == .ok)
            }
        }
    }

    @Test func `gives up when the handshake does not come to its end`() async throws {
        let server = try LoopbackServer { _ in .reply() }
        let request = try HTTPEndpoint("https://localhost:\(server.port)/").request(.get)
        try await withTransport(.init(connectDeadline: .milliseconds(150))) { transport in
            #expect(await code { try await transport.response(to: request) } == .timedOut)
        }
        await server.stop()
    }

    @Test func `serves a burst over TLS`() async throws {
        try await withTLSServer(names: "DNS:localhost") { port, certificates in
            let request = try HTTPEndpoint("https://localhost:\(port)/").request(.get)
            try await withTransport(
                .init(connectDeadline: .seconds(50), certificateAuthorityFile: certificates.authority)
            ) { transport in
                let answers = await withTaskGroup(of: Bool.self) { group in
                    for _ in 0..<16 {
                        group.addTask { (try? await transport.response(to: request))?.head.status == .ok }
                    }
                    return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                #expect(answers == 16)
            }
        }
    }

    @Test func `refuses a file that holds no certificates`() async throws {
        try await withTLSServer(names: "DNS:localhost") { port, certificates in
            let request = try HTTPEndpoint("https://localhost:\(port)/").request(.get)
            try await withTransport(
                .init(
                    connectDeadline: .seconds(50),
                    certificateAuthorityFile: certificates.path("server.key")
                )
            ) {
                transport in
                #expect(await code { try await transport.response(to: request) } == .tlsFailed)
            }
        }
    }

    private func withTLSServer(
        names: String,
        options: [String] = [],
        requiresClient: Bool = false,
        body: (Int, TestCertificates) async throws -> Void
    ) async throws {
        let certificates = try await TestCertificates(names: names)
        let client = requiresClient ? ["-Verify", "1", "-CAfile", certificates.authority] : []
        let server = try await TLSServer(certificates, options: options + client)
        defer { server.stop() }
        try await body(server.port, certificates)
    }
}
