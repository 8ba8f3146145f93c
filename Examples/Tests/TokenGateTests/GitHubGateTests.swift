import ExampleFleet
import Foundation
import HTTPTransports
import HTTPTypes
import Testing
import TokenVerificationTestSupport

/// A gate that asks GitHub, played by a server of this process.
@Suite(.timeLimit(.minutes(10))) struct GitHubGateTests {
    private func serving(
        _ arguments: [String],
        _ environment: [String: String] = [:],
        test: (Client) async throws -> Void
    ) async throws {
        try await FakeGitHub.run { api in
            let process = try ChildProcess(
                .sibling("token-gate"),
                ["serve", "--github", "--github-api", api, "--listen", "127.0.0.1:0"] + arguments,
                environment: environment,
                errors: .standardError
            )
            let client = try Client(try await process.address())
            try await test(client)
            await client.close()
            #expect(try await process.terminate() == 0)
        }
    }

    @Test func `accepts any user's token that has the scope`() async throws {
        try await serving(["--require-scope", "repo"]) { client in
            let replies = try await [
                client.send(.get, "/verify", authorization: "Bearer gho_alice"),
                client.send(.get, "/verify", authorization: "Bearer gho_alice"),
                client.send(.get, "/verify", authorization: "Bearer gho_ours"),
            ]
            #expect(replies.map(\.head.status) == [.ok, .ok, .unauthorized])
            #expect(replies.map(\.source) == ["miss", "hit", nil])
            #expect(replies[0]["X-Token-Subject"] == "7")
            #expect(replies[0]["X-Token-Scopes"] == "repo user")
        }
    }

    @Test func `accepts only its own app's tokens when it has a client id`() async throws {
        let environment = ["TOKEN_GATE_GITHUB_CLIENT_SECRET": "secret", "TOKEN_GATE_REQUIRE_SCOPE": "repo"]
        try await serving(["--github-client-id", "app"], environment) { client in
            let replies = try await [
                client.send(.get, "/verify", authorization: "Bearer gho_ours"),
                client.send(.get, "/verify", authorization: "Bearer gho_alice"),
            ]
            #expect(replies.map(\.head.status) == [.ok, .unauthorized])
            #expect(replies[0]["X-Token-Subject"] == "7")
        }
    }
}
