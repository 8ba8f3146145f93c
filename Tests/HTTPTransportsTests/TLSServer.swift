import TokenVerificationTestSupport

/// `openssl s_server` on a free port of localhost; it answers every request with a page.
struct TLSServer: Sendable {
    let port: Int
    private let process: ChildProcess

    init(_ certificates: TestCertificates, options: [String] = []) async throws {
        process = try ChildProcess(
            .installed("openssl"),
            [
                "s_server", "-accept", "127.0.0.1:0", "-www",
                "-cert", certificates.path("server.pem"), "-key", certificates.path("server.key"),
            ] + options
        )
        // A line such as `ACCEPT 127.0.0.1:4433`.
        let text = try await process.output(until: "ACCEPT ")
        let line = text.split(separator: "\n").first { $0.hasPrefix("ACCEPT ") }
        guard let port = line?.split(separator: ":").last.flatMap({ Int($0) }) else {
            throw TestFailure("openssl s_server said: \(text)")
        }
        self.port = port
    }

    func stop() {
        process.kill()
    }
}
