import ExampleFleet
import Foundation

/// A directory of its own for one test, and what it takes to run gates there.
final class Scene: Sendable {
    let directory: URL

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("gate-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: directory,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    func path(_ name: String) -> String { directory.appendingPathComponent(name).path }

    /// A new gate on this scene's SQLite file.
    func gate(asking authority: String, _ arguments: String...) async throws -> GateProcess {
        try await GateProcess(
            asking: authority,
            ["--store", "sqlite:" + path("tokens.db")] + arguments,
            environment: ["TOKEN_GATE_SEALING_SECRET": "a secret that both of the processes are given"],
            errors: try errors()
        )
    }

    /// Where what processes complain about is kept.
    func errors() throws -> FileHandle {
        let file = directory.appendingPathComponent("errors.log")
        if !FileManager.default.fileExists(atPath: file.path) { try Data().write(to: file) }
        let handle = try FileHandle(forWritingTo: file)
        try handle.seekToEnd()
        return handle
    }

    var complaints: String {
        (try? String(contentsOf: directory.appendingPathComponent("errors.log"), encoding: .utf8)) ?? ""
    }
}
