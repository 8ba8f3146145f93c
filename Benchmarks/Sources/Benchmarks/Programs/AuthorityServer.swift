import TokenVerificationTestSupport

/// A server in the place of an introspection endpoint, as fast as can be.
final class AuthorityServer: Sendable {
    let url: String
    let countURL: String
    private let program: ChildProcess
    private let directory: TemporaryDirectory

    private init(port: Int) async throws {
        directory = try TemporaryDirectory()
        url = "http://127.0.0.1:\(port)/introspect"
        countURL = "http://127.0.0.1:\(port)/count"
        program = try ChildProcess(.authority, ["\(port)"])
        _ = try await program.nextLine()
    }

    static func start() async throws -> AuthorityServer {
        try await FreePort.start { try await AuthorityServer(port: $0) }
    }

    /// What `wrk` reaches with the question that our authority asks, in requests a second.
    func load(connections: Int) async throws -> Double {
        let fields = SampleAnswer.fields.map { "wrk.headers[\"\($0)\"] = \"\($1)\"" }.joined(separator: "\n")
        let script = try directory.write(
            """
            wrk.method = "POST"
            wrk.body = "\(SampleAnswer.question(about: Sample.text(0)))"
            \(fields)
            """,
            to: "question.lua"
        )
        return try await Load.run(on: url, script: script, connections: connections).requestsPerSecond
    }

    func stop() async {
        _ = try? await program.terminate()
    }
}
