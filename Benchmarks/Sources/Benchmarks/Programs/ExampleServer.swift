import Foundation
import TokenVerificationTestSupport

/// A server of the examples: TokenGate, or the authorization server that it asks.
final class ExampleServer: Sendable {
    static let secret = "benchmarks"

    /// Where the examples' programs lie; `.ci/bench` says it.
    private static let directory = ProcessInfo.processInfo.environment["EXAMPLES"] ?? "."

    let address: String
    private let program: ChildProcess

    /// Starts a server, and returns when it listens.
    private init(_ name: String, _ arguments: [String], environment: [String: String]) async throws {
        program = try ChildProcess("\(Self.directory)/\(name)", arguments, environment: environment)
        let line = try await program.nextLine()
        guard let start = line.range(of: "http://")?.lowerBound else {
            throw BenchmarkError("\(name) said: \(line)")
        }
        address = String(line[start...])
    }

    static func authority() async throws -> ExampleServer {
        try await ExampleServer(
            "authorization-server",
            [],
            environment: ["AUTHORIZATION_SERVER_CLIENT_SECRET": secret]
        )
    }

    /// A gate, with the options that say where answers are kept.
    static func gate(asking authority: String, keeping store: [String]) async throws -> ExampleServer {
        try await ExampleServer(
            "token-gate",
            [
                "serve", "--listen", "127.0.0.1:0", "--introspection-endpoint", "\(authority)/introspect",
                "--client-id", "gate",
            ] + store,
            environment: [
                "TOKEN_GATE_CLIENT_SECRET": secret,
                "TOKEN_GATE_SEALING_SECRET": String(repeating: "s", count: 32),
            ]
        )
    }

    /// The processor time that the server has taken so far, in nanoseconds.
    func processorTime() throws -> Double {
        try program.processorTime()
    }

    func stop() async {
        _ = try? await program.terminate()
    }
}
