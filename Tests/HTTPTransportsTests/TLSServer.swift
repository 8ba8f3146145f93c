import Foundation

/// `openssl s_server` on a free port of localhost; it answers every request with a page.
struct TLSServer: Sendable {
    let port: Int
    private let processIdentifier: Int32

    static func started(_ certificates: TestCertificates, options: [String] = []) async throws -> Self {
        try await Program.onThread { try Self(certificates, options: options) }
    }

    private init(_ certificates: TestCertificates, options: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            [
                "openssl", "s_server", "-accept", "127.0.0.1:0", "-www",
                "-cert", certificates.path("server.pem"), "-key", certificates.path("server.key"),
            ] + options
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        processIdentifier = process.processIdentifier
        var text = ""
        var found: Int?
        while found == nil {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { throw Program.Failure(name: "openssl s_server", status: 1) }
            text += String(decoding: data, as: UTF8.self)
            found = Self.port(in: text)
        }
        port = found ?? 0
    }

    /// The port that a whole line such as `ACCEPT 127.0.0.1:4433` names.
    private static func port(in text: String) -> Int? {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        return lines.first { $0.hasPrefix("ACCEPT ") }?.split(separator: ":").last.flatMap { Int($0) }
    }

    /// The child inherits the blocked signals of the thread that started it, so that a polite one would not arrive.
    func stop() {
        kill(processIdentifier, SIGKILL)
    }
}
