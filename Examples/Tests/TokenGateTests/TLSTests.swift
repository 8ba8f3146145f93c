import ExampleFleet
import Foundation
import Testing
import TokenVerificationTestSupport

/// A gate that speaks TLS, asked by curl, with certificates that openssl makes.
@Suite(.timeLimit(.minutes(10))) struct TLSTests {
    private let scene: Scene

    init() throws {
        scene = try Scene()
    }

    private func makeCertificate(_ name: String) async throws {
        let arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-days",
            "2", "-subj", "/CN=\(name)", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
            scene.path("\(name).key"), "-out", scene.path("\(name).pem"),
        ]
        let process = try ChildProcess(.installed("openssl"), arguments, errors: try scene.errors())
        #expect(try await process.status() == 0)
    }

    private func use(_ certificate: String, _ key: String) throws {
        for (name, source) in [("now.pem", "\(certificate).pem"), ("now.key", "\(key).key")] {
            try Data(contentsOf: URL(fileURLWithPath: scene.path(source)))
                .write(to: URL(fileURLWithPath: scene.path(name)), options: .atomic)
        }
    }

    private func gate() throws -> ChildProcess {
        try ChildProcess(
            .sibling("token-gate"),
            [
                "serve", "--github", "--github-api", "http://127.0.0.1:9", "--listen", "127.0.0.1:0",
                "--tls-certificate", scene.path("now.pem"), "--tls-key", scene.path("now.key"),
            ],
            errors: try scene.errors()
        )
    }

    /// What a client gets that trusts one certificate only.
    private func answer(_ address: String, trusting name: String) async throws -> String {
        let arguments = ["-s", "--cacert", scene.path("\(name).pem"), address + "/livez"]
        return try await ChildProcess(.installed("curl"), arguments).output()
    }

    @Test func `a new certificate is used after SIGHUP, and a wrong one never`() async throws {
        for name in ["old", "new"] { try await makeCertificate(name) }
        try use("old", "old")
        let process = try gate()
        let address = try await process.address()
        #expect(address.hasPrefix("https://127.0.0.1:"))
        #expect(try await answer(address, trusting: "old") == "ok\n")
        #expect(try await answer(address, trusting: "new") == "")
        try use("new", "old")
        process.signal(SIGHUP)
        try await scene.waitForLine("the old certificate stays in use")
        #expect(try await answer(address, trusting: "old") == "ok\n")
        try use("new", "new")
        process.signal(SIGHUP)
        try await scene.waitForLine("new connections get the certificate")
        #expect(try await answer(address, trusting: "new") == "ok\n")
        #expect(try await answer(address, trusting: "old") == "")
        #expect(try await process.terminate() == 0)
    }

    @Test func `a key that is another certificate's is one line and status 69`() async throws {
        for name in ["old", "new"] { try await makeCertificate(name) }
        try use("new", "old")
        #expect(try await gate().status() == 69)
        #expect(scene.complaints.contains("does not belong to the certificate"))
    }

    @Test func `SIGHUP does not end a gate without a certificate`() async throws {
        let process = try ChildProcess(
            .sibling("token-gate"),
            ["serve", "--github", "--github-api", "http://127.0.0.1:9", "--listen", "127.0.0.1:0"],
            errors: try scene.errors()
        )
        _ = try await process.address()
        process.signal(SIGHUP)
        try await scene.waitForLine("the configuration was read again")
        #expect(try await process.terminate() == 0)
    }
}
