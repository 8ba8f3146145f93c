import ExampleFleet
import Foundation
import HTTPTransports
import Testing
import TokenVerificationTestSupport

/// `token-gate forget` as a shell sees it, against a running gate.
@Suite(.timeLimit(.minutes(10))) struct ForgetCommandTests {
    private let scene: Scene

    init() throws {
        scene = try Scene()
    }

    private func status(
        _ arguments: [String],
        secret: String? = GateProcess.adminSecret,
        input: FileHandle? = nil
    ) async throws -> Int32 {
        let process = try ChildProcess(
            .sibling("token-gate"),
            ["forget"] + arguments,
            environment: secret.map { ["TOKEN_GATE_ADMIN_SECRET": $0] } ?? [:],
            input: input.map { .file($0) } ?? .nothing,
            errors: try scene.errors()
        )
        return try await process.status()
    }

    private func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: scene.path(name)))
        return scene.path(name)
    }

    @Test func `forgets a token, a subject and a client`() async throws {
        let authority = try await AuthorityProcess(errors: try scene.errors())
        let gate = try await scene.gate(asking: authority.address, "--revocation-marks")
        let address = ["--gate", gate.client.address]
        let file = scene.path("token")
        // What was forgotten is not kept for a while, so each time it is another token, and the widest comes last.
        for (subject, arguments) in [
            ("alice", ["--token-file", file]), ("bob", ["--token-file", "-"]),
            ("Zoë & co", ["--subject", "Zoë & co"]), ("carol", ["--client-id", "gate"]),
        ] {
            let token = try await authority.token(for: subject, scope: "read")
            _ = try write("\(token)\n", to: "token")
            _ = try await gate.verify(token)
            #expect(try await gate.verify(token).source == "hit")
            let input = arguments.last == "-" ? FileHandle(forReadingAtPath: file) : nil
            #expect(try await status(address + arguments, input: input) == 0)
            #expect(try await gate.verify(token).source == "miss")
        }
        #expect(scene.complaints.isEmpty)
        #expect(try await gate.stop() == 0)
        try await authority.stop()
    }

    @Test func `says in one line why not, and shows no secret`() async throws {
        let gate = try await GateProcess(asking: "http://127.0.0.1:9", errors: try scene.errors())
        let address = ["--gate", gate.client.address]
        let file = try write("two words", to: "token")
        for (arguments, secret, expected) in [
            (address + ["--subject", "a"], GateProcess.adminSecret, 69),
            (address + ["--token-file", scene.path("nowhere")], GateProcess.adminSecret, 69),
            (address + ["--client-id", "a"], "the-wrong-secret", 69),
            (["--gate", "http://127.0.0.1:9", "--subject", "a"], GateProcess.adminSecret, 69),
            (address + ["--token-file", file], GateProcess.adminSecret, 64),
            (address + ["--subject", "a"], nil, 64), (address + ["--subject", "a"], "two words", 64),
            (address, GateProcess.adminSecret, 64), (["--subject", "a"], GateProcess.adminSecret, 64),
            (address + ["--subject", "a", "--client-id", "b"], GateProcess.adminSecret, 64),
            (["--gate", "http://gate.example", "--subject", "a"], GateProcess.adminSecret, 64),
        ] as [([String], String?, Int32)] {
            let before = scene.complaints.split(separator: "\n").count
            #expect(try await status(arguments, secret: secret) == expected, "\(arguments)")
            #expect(scene.complaints.split(separator: "\n").count == before + 1, "\(arguments)")
        }
        for secret in [GateProcess.adminSecret, "the-wrong-secret", "two words"] {
            #expect(!scene.complaints.contains(secret))
        }
        #expect(try await gate.stop() == 0)
    }
}
