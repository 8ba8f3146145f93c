import HTTPTransports
import HTTPTypes
import Testing

@Suite(.timeLimit(.minutes(1))) struct CurlTransportTLSTests {
    @Test(arguments: ["localhost", "127.0.0.1"])
    func `trusts a certificate of the authority for that host`(host: String) async throws {
        try await withTLSServer(names: "DNS:localhost,IP:127.0.0.1") { port, certificates in
            let request = try HTTPEndpoint("https://\(host):\(port)/").request(.get)
            try await withTransport(.init(certificateAuthorityFile: certificates.authority)) { transport in
                let reply = try await transport.response(to: request)
                #expect(reply.head.status == .ok)
            }
        }
    }

    @Test func `refuses a certificate of an unknown authority`() async throws {
        try await withTLSServer(names: "DNS:localhost") { port, certificates in
            let request = try HTTPEndpoint("https://localhost:\(port)/").request(.get)
            for file in [certificates.stranger, nil] {
                try await withTransport(.init(certificateAuthorityFile: file)) { transport in
                    #expect(await code { try await transport.response(to: request) } == .tlsFailed)
                }
            }
        }
    }

    @Test(arguments: ["localhost", "127.0.0.1"])
    func `refuses a certificate for another host`(host: String) async throws {
        try await withTLSServer(names: "DNS:authority.example,IP:127.0.0.2") { port, certificates in
            let request = try HTTPEndpoint("https://\(host):\(port)/").request(.get)
            try await withTransport(.init(certificateAuthorityFile: certificates.authority)) { transport in
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
            try await withTransport(.init(certificateAuthorityFile: certificates.authority)) { transport in
                #expect(await code { try await transport.response(to: request) } == expected)
            }
        }
    }

    @Test func `refuses a file that holds no certificates`() async throws {
        try await withTLSServer(names: "DNS:localhost") { port, certificates in
            let request = try HTTPEndpoint("https://localhost:\(port)/").request(.get)
            try await withTransport(.init(certificateAuthorityFile: certificates.path("server.key"))) {
                transport in
                #expect(await code { try await transport.response(to: request) } == .tlsFailed)
            }
        }
    }

    private func withTLSServer(
        names: String,
        options: [String] = [],
        body: (Int, TestCertificates) async throws -> Void
    ) async throws {
        let certificates = try await TestCertificates(names: names)
        defer { certificates.remove() }
        let server = try await TLSServer.started(certificates, options: options)
        defer { server.stop() }
        try await body(server.port, certificates)
    }
}
