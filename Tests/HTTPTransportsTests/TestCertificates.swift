import Foundation
import TokenVerificationTestSupport

/// Certificate authorities and server certificates, made by `openssl` in a temporary directory.
struct TestCertificates {
    let directory: TemporaryDirectory

    /// Makes a certificate for the names, such as `DNS:localhost`.
    init(names: String) async throws {
        directory = try TemporaryDirectory()
        try await makeAuthority("authority")
        try await makeAuthority("stranger")
        try await request(
            "server",
            [
                "-subj", "/CN=Server", "-CA", path("authority.pem"), "-CAkey", path("authority.key"),
                "-addext", "subjectAltName=\(names)", "-addext", "basicConstraints=critical,CA:FALSE",
            ]
        )
    }

    /// Makes a client's certificate of the authority: `NAME.pem` with its key in `NAME.key`.
    func makeClient(_ name: String) async throws {
        try await request(
            name,
            [
                "-subj", "/CN=\(name)", "-CA", path("authority.pem"), "-CAkey", path("authority.key"),
                "-addext",
                "basicConstraints=critical,CA:FALSE",
            ]
        )
    }

    /// The one who signed the server's certificate.
    var authority: String { path("authority.pem") }
    /// One who did not.
    var stranger: String { path("stranger.pem") }

    func path(_ name: String) -> String { directory.path(of: name) }

    private func makeAuthority(_ name: String) async throws {
        try await request(name, ["-subj", "/CN=\(name)", "-addext", "basicConstraints=critical,CA:TRUE"])
    }

    private func request(_ name: String, _ arguments: [String]) async throws {
        let common = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            "2",
            "-keyout", path("\(name).key"), "-out", path("\(name).pem"),
        ]
        try await ChildProcess.run(.installed("openssl"), common + arguments)
    }
}
