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

    /// Writes the file of settings, `gate.json`.
    func configure(_ json: String) throws {
        try Data(json.utf8).write(to: URL(fileURLWithPath: path("gate.json")), options: .atomic)
    }

    /// Waits until a process complained in some words.
    func waitForLine(_ words: String, times: Int = 1) async throws {
        while complaints.components(separatedBy: words).count <= times {
            try await Task.sleep(for: .milliseconds(10))
        }
    }

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

extension [GateProcess] {
    /// Asks each of some gates about a token thirty-two times at once.
    ///
    /// - Returns: where the answers came from.
    func askAtOnce(about token: String) async throws -> [String?] {
        try await withThrowingTaskGroup(of: String?.self) { group in
            for gate in self {
                for _ in 0..<32 { group.addTask { try await gate.verify(token).source } }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}
