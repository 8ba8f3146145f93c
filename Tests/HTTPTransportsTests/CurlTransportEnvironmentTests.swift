import Foundation
import HTTPTransports
import HTTPTypes
import LoopbackHTTP
import Testing
import TokenVerificationTestSupport

/// Each in a process of its own: the environment is no thing to change beside other tests.
@Suite(.timeLimit(.minutes(10))) struct CurlTransportEnvironmentTests {
    @Test func `takes no credentials from netrc`() async throws {
        await #expect(processExitsWith: .success) {
            let home = try TemporaryDirectory()
            defer { withExtendedLifetime(home) {} }
            setenv("HOME", home.path, 1)
            setenv("NETRC", try home.write("default login root password secret\n", to: ".netrc"), 1)
            try await withServer { request in
                .reply(text: request.field("authorization") ?? "none")
            } body: { server, transport in
                let reply = try await transport.response(to: HTTPEndpoint(server.url).request(.get))
                #expect(reply.body == Array("none".utf8))
            }
        }
    }

    @Test func `trusts no certificate that the environment names`() async throws {
        await #expect(processExitsWith: .success) {
            let certificates = try await TestCertificates(names: "DNS:localhost")
            defer { withExtendedLifetime(certificates) {} }
            setenv("SSL_CERT_FILE", certificates.authority, 1)
            setenv("SSL_CERT_DIR", certificates.directory.path, 1)
            setenv("CURL_CA_BUNDLE", certificates.authority, 1)
            let server = try await TLSServer(certificates)
            defer { server.stop() }
            let request = try HTTPEndpoint("https://localhost:\(server.port)/").request(.get)
            for file in [certificates.stranger, nil] {
                let configuration = CurlTransport.Configuration(
                    connectDeadline: .seconds(50),
                    certificateAuthorityFile: file
                )
                try await withTransport(configuration) { transport in
                    #expect(await code { try await transport.response(to: request) } == .tlsFailed)
                }
            }
        }
    }

    @Test func `warns once when TLS secrets are logged`() async throws {
        let result = await #expect(
            processExitsWith: .success,
            observing: [\.standardErrorContent, \.standardOutputContent]
        ) {
            setenv("SSLKEYLOGFILE", "/dev/null", 1)
            let request = try HTTPEndpoint("http://127.0.0.1:1/").request(.get)
            for _ in 0..<3 {
                try await withTransport { transport in
                    #expect(await code { try await transport.response(to: request) } == .connectionFailed)
                }
            }
        }
        #expect(try warnings(in: result) == 1)
    }

    @Test(arguments: [nil, ""]) func `warns of nothing else`(value: String?) async throws {
        let result = await #expect(
            processExitsWith: .success,
            observing: [\.standardErrorContent, \.standardOutputContent]
        ) { [value] in
            if let value { setenv("SSLKEYLOGFILE", value, 1) } else { unsetenv("SSLKEYLOGFILE") }
            try await CurlTransport().shutdown()
        }
        #expect(try warnings(in: result) == 0)
    }

    private func warnings(in result: ExitTest.Result?) throws -> Int {
        let result = try #require(result)
        let lines = String(
            decoding: result.standardErrorContent + result.standardOutputContent,
            as: UTF8.self
        )
        .split(separator: "\n")
        return lines.count { $0.contains("warning") && $0.contains("SSLKEYLOGFILE") }
    }
}
