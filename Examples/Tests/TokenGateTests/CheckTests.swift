import ExampleFleet
import Foundation
import Testing
import TokenVerificationTestSupport

/// `token-gate check` as a shell sees it.
@Suite(.timeLimit(.minutes(10))) struct CheckTests {
    private let scene: Scene

    init() throws {
        scene = try Scene()
    }

    private func check(
        _ authority: String,
        secret: String = AuthorityProcess.clientSecret,
        _ arguments: String...
    ) async throws -> (status: Int32, output: String) {
        let process = try ChildProcess(
            .sibling("token-gate"),
            ["check", "--introspection-endpoint", authority + "/introspect", "--client-id", "gate"]
                + arguments,
            environment: ["TOKEN_GATE_CLIENT_SECRET": secret],
            errors: try scene.errors()
        )
        let output = try await process.output()
        return (try await process.status(), output)
    }

    @Test func `says what works`() async throws {
        let authority = try await AuthorityProcess(errors: try scene.errors())
        try scene.configure(#"{"profiles": {"orders": {"scopes": ["write"]}}}"#)
        let (status, output) = try await check(
            authority.address,
            "--config",
            scene.path("gate.json"),
            "--store",
            "sqlite:" + scene.path("tokens.db")
        )
        #expect(status == 0)
        #expect(output.contains("configuration: right; profiles: orders\n"))
        #expect(output.contains("store, sqlite: works; 0 of 10000 answers\n"))
        #expect(output.contains("authority, introspection: answers, and refuses a random token; "))
        #expect(try await authority.questions() == 1)
        #expect(scene.complaints.isEmpty)
        try await authority.stop()
    }

    @Test func `says what does not, with status 69 and without secrets`() async throws {
        let authority = try await AuthorityProcess(errors: try scene.errors())
        for (address, secret, words) in [
            (authority.address, "the-wrong-secret", "credentialsRefused"),
            ("http://127.0.0.1:9", "x", "unreachable"),
        ] {
            let (status, output) = try await check(address, secret: secret)
            #expect(status == 69)
            #expect(output.contains(words) && output.contains("store, memory: works"))
            #expect(!output.contains("the-wrong-secret"))
        }
        #expect(scene.complaints.split(separator: "\n").count == 2)
        let (status, _) = try await check(authority.address, secret: "x", "--store", "redis:")
        #expect(status == 64)
        try await authority.stop()
    }
}
