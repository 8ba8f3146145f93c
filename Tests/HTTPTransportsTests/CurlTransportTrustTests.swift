import HTTPTransports
import Testing

#if os(Linux)
/// Which authority a transport trusts where the system trusts another one.
@Suite(.timeLimit(.minutes(10))) struct CurlTransportTrustTests {
    @Test func `trusts no authority of the system when it has a file of its own`() async throws {
        try await withServerTrustedBySystem { port, certificates, system in
            let url = "https://localhost:\(port)/"
            for (file, outcome) in [
                (nil, "200"), (certificates.authority, "200"), (certificates.stranger, "tlsFailed"),
            ] {
                let outcomes = try await system.outcomes(asking: url, trusting: file)
                #expect(outcomes == [outcome, outcome])
            }
        }
    }

    @Test func `asks the same of a proxy`() async throws {
        // A server that sends back what it gets: an answer, and no tunnel.
        try await withServerTrustedBySystem(options: ["-rev"]) { port, certificates, system in
            let url = "https://authority.invalid/"
            let proxy = "https://localhost:\(port)"
            let refused = try await system.outcomes(asking: url, trusting: nil, proxy: proxy)
            #expect(!refused.contains("tlsFailed"))
            let outcomes = try await system.outcomes(
                asking: url,
                trusting: certificates.stranger,
                proxy: proxy
            )
            #expect(outcomes == ["tlsFailed", "tlsFailed"])
            let trusted = try await system.outcomes(
                asking: url,
                trusting: certificates.authority,
                proxy: proxy
            )
            #expect(!trusted.contains("tlsFailed"))
        }
    }

    private func withServerTrustedBySystem(
        options: [String] = [],
        body: (Int, TestCertificates, SystemTrust) async throws -> Void
    ) async throws {
        let certificates = try await TestCertificates(names: "DNS:localhost")
        let server = try await TLSServer(certificates, options: options)
        defer { server.stop() }
        try await body(server.port, certificates, SystemTrust(certificates))
    }
}
#endif
