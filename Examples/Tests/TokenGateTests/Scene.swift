import ExampleFleet
import Foundation
import TokenVerificationTestSupport

/// A directory of its own for one test, and what it takes to run gates there.
final class Scene: Sendable {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    func path(_ name: String) -> String { directory.path(of: name) }

    /// Writes the file of settings, `gate.json`.
    func configure(_ json: String) throws {
        try directory.write(json, to: "gate.json")
    }

    /// Waits until a process complained in some words.
    func waitForLine(_ words: String, times: Int = 1) async throws {
        try await eventually("a line says: \(words)") {
            complaints.components(separatedBy: words).count > times
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
    func errors() throws -> FileHandle { try directory.open("errors.log") }

    var complaints: String { directory.text(of: "errors.log") }
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
