import Foundation
import RedisServers

/// Certificates of one test, made by openssl: an authority, and a server's for the name `localhost`.
final class Certificates: Sendable {
    let port = Int.random(in: 10_000..<32_000)
    private let directory: URL

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
        try Data("subjectAltName=DNS:localhost\n".utf8).write(to: directory.appendingPathComponent("names"))
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        try openssl(
            [
                "req", "-x509", "-days", "2", "-subj", "/CN=test authority", "-keyout", path("ca.key"),
                "-out", path("ca.pem"),
            ]
                + key
        )
        try openssl(
            ["req", "-new", "-subj", "/CN=localhost", "-keyout", path("server.key"), "-out", path("request")]
                + key
        )
        try openssl([
            "x509", "-req", "-days", "2", "-in", path("request"), "-CA", path("ca.pem"), "-CAkey",
            path("ca.key"),
            "-CAcreateserial", "-extfile", path("names"), "-out", path("server.pem"),
        ])
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    func path(_ name: String) -> String { directory.appendingPathComponent(name).path }

    private func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw RedisServer.Failure(description: "openssl failed") }
    }
}
