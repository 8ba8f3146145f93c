import ExampleFleet
import Foundation
import HTTPTransports
import HTTPTypes
import Testing
import TokenVerificationTestSupport

/// The command as a shell sees it: its status and what it prints.
@Suite(.timeLimit(.minutes(10))) struct CommandTests {
    private let scene: Scene

    init() throws {
        scene = try Scene()
    }

    private static let secret = "s3cr3t-of-the-tests"

    private func status(_ arguments: [String]) async throws -> Int32 {
        let environment = ["TOKEN_GATE_CLIENT_SECRET": Self.secret]
        let errors = try scene.errors()
        let process = try ChildProcess(
            .sibling("token-gate"),
            arguments,
            environment: environment,
            errors: errors
        )
        return try await process.status()
    }

    private static let asking = [
        "serve", "--introspection-endpoint", "http://127.0.0.1:9/introspect", "--client-id", "gate",
        "--listen",
        "127.0.0.1:0",
    ]

    @Test(arguments: [
        ["serve"], ["serve", "--no-such-option"], ["prepare"], ["serve", "--store"],
        asking + ["--introspection-endpoint", "http://issuer.example/introspect"],
        asking + ["--introspection-endpoint", "issuer.example"], asking + ["--require-scope", "a b"],
        asking + ["--namespace", "--store"], asking + ["--access-log=perhaps"],
        asking + ["--client-secret", "x"],
        asking + ["--capacity", "-1"], asking + ["surplus"],
        asking + ["--admin-listen", "unix:here"], asking + ["--socket-mode", "888"],
        asking + ["--tls-key", "/a"], asking + ["--tls-certificate", "/a"], asking + ["--log-level", "loud"],
        asking + ["--log-format", "xml"],
        asking + ["--resource", "https://api.example"],
        asking + ["--authorization-server", "https://issuer.example"],
        asking + ["--resource", "http://api.example", "--authorization-server", "https://issuer.example"],
        ["serve", "--github", "--require-audience", "https://api.example"],
    ])
    func `a wrong option is one line and status 64`(arguments: [String]) async throws {
        #expect(try await status(arguments) == 64)
        let complaints = scene.complaints.split(separator: "\n")
        #expect(complaints.count == 1)
        #expect(complaints.first?.hasPrefix("token-gate: ") == true)
        #expect(!scene.complaints.contains(Self.secret))
    }

    @Test func `a port that is taken is one line and status 69`() async throws {
        let authority = try await AuthorityProcess(errors: try scene.errors())
        let address = String(authority.address.trimmingPrefix("http://"))
        #expect(try await status(Self.asking + ["--listen", address]) == 69)
        #expect(scene.complaints.split(separator: "\n").map { $0.contains(address) } == [true])
        try await authority.stop()
    }

    @Test func `an address that is not this machine's is one line and status 69`() async throws {
        for host in ["192.0.2.1", "no-such-host.invalid"] {
            #expect(try await status(Self.asking + ["--listen", "\(host):1"]) == 69)
        }
        #expect(scene.complaints.split(separator: "\n").count == 2)
    }

    @Test func `a file that can never work is one line and status 69`() async throws {
        try Data("not a database, and long enough that it can't be taken for an empty one".utf8)
            .write(to: URL(fileURLWithPath: scene.path("secret.txt")))
        let open = scene.path("open")
        try FileManager.default.createDirectory(atPath: open, withIntermediateDirectories: false)
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: open)
        let paths = [scene.directory.path, scene.path("nowhere/tokens.db"), open + "/tokens.db"]
        for path in paths {
            #expect(try await status(Self.asking + ["--store", "sqlite:" + path]) == 69)
        }
        #expect(scene.complaints.split(separator: "\n").count == paths.count)
    }

    @Test func `help is no failure`() async throws {
        for arguments in [["--help"], ["serve", "--help"], []] {
            #expect(try await status(arguments) == 0)
        }
        #expect(scene.complaints.isEmpty)
    }

    @Test(arguments: ["memory:", "sqlite:"])
    func `SIGTERM ends a server in good order`(store: String) async throws {
        let path = store == "sqlite:" ? store + scene.path("tokens.db") : store
        let arguments = ["--store", path]
        let gate = try await GateProcess(asking: "http://127.0.0.1:9", arguments, errors: try scene.errors())
        #expect(try await gate.client.send(.get, "/healthz").head.status == .ok)
        #expect(try await gate.stop() == 0)
    }

    @Test func `the walk-through holds`() async throws {
        #expect(
            try await ChildProcess(.sibling("walkthrough"), errors: .standardError, waitLimit: .seconds(300))
                .status() == 0
        )
    }
}
