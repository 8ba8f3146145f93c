import ExampleFleet
import Foundation
import Testing
import TokenVerificationTestSupport

/// A gate on a Unix socket, asked by curl.
@Suite(.timeLimit(.minutes(10))) struct UnixSocketTests {
    private let scene: Scene

    init() throws {
        scene = try Scene()
    }

    private func gate(_ arguments: String...) throws -> ChildProcess {
        try ChildProcess(
            .sibling("token-gate"),
            [
                "serve", "--github", "--github-api", "http://127.0.0.1:9", "--listen",
                "unix:" + scene.path("gate.sock"),
            ] + arguments,
            errors: try scene.errors()
        )
    }

    private func answer() async throws -> String {
        let arguments = ["-s", "--unix-socket", scene.path("gate.sock"), "http://gate/livez"]
        return try await ChildProcess(.installed("curl"), arguments).output()
    }

    private func mode() throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: scene.path("gate.sock"))[.posixPermissions] as? Int
    }

    @Test func `listens there with the mode that was asked for, and leaves nothing behind`() async throws {
        for (arguments, wanted) in [([], 0o660), (["--socket-mode", "600"], 0o600)] {
            let process = try ChildProcess(
                .sibling("token-gate"),
                [
                    "serve", "--github", "--github-api", "http://127.0.0.1:9", "--listen",
                    "unix:" + scene.path("gate.sock"),
                ] + arguments,
                errors: try scene.errors()
            )
            #expect(try await process.address() == "unix:" + scene.path("gate.sock"))
            #expect(try mode() == wanted)
            #expect(try await answer() == "ok\n")
            #expect(try await process.terminate() == 0)
            #expect(!FileManager.default.fileExists(atPath: scene.path("gate.sock")))
        }
    }

    @Test func `takes the place of a server that ended, and of nothing else`() async throws {
        let killed = try gate()
        _ = try await killed.address()
        killed.kill()
        #expect(FileManager.default.fileExists(atPath: scene.path("gate.sock")))
        let second = try gate()
        _ = try await second.address()
        #expect(try await gate().status() == 69)
        #expect(scene.complaints.contains("another server listens there"))
        #expect(try await answer() == "ok\n")
        #expect(try await second.terminate() == 0)
        try Data("precious".utf8).write(to: URL(fileURLWithPath: scene.path("gate.sock")))
        #expect(try await gate().status() == 69)
        #expect(try String(contentsOfFile: scene.path("gate.sock"), encoding: .utf8) == "precious")
    }
}
