import TokenVerificationTestSupport

/// Certificates of one test, made by openssl: an authority, and a server's for the name `localhost`.
final class Certificates: Sendable {
    let port = Int.random(in: 10_000..<32_000)
    private let directory: TemporaryDirectory

    init() async throws {
        directory = try TemporaryDirectory()
        try directory.write("subjectAltName=DNS:localhost\n", to: "names")
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        try await openssl(
            [
                "req", "-x509", "-days", "2", "-subj", "/CN=test authority", "-keyout", path("ca.key"),
                "-out", path("ca.pem"),
            ]
                + key
        )
        try await openssl(
            ["req", "-new", "-subj", "/CN=localhost", "-keyout", path("server.key"), "-out", path("request")]
                + key
        )
        try await openssl([
            "x509", "-req", "-days", "2", "-in", path("request"), "-CA", path("ca.pem"), "-CAkey",
            path("ca.key"),
            "-CAcreateserial", "-extfile", path("names"), "-out", path("server.pem"),
        ])
    }

    func path(_ name: String) -> String { directory.path(of: name) }

    private func openssl(_ arguments: [String]) async throws {
        try await ChildProcess.run(.installed("openssl"), arguments)
    }
}
