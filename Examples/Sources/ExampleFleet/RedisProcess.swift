package import Foundation

/// A running redis-server that keeps nothing on disk.
package final class RedisProcess: Sendable {
    package let port: Int
    private let process: ChildProcess

    /// Starts one.
    ///
    /// - Parameters:
    ///   - port: where it listens; `nil` for a port that seems to be free.
    ///   - errors: where its standard error goes.
    /// - Throws: `ChildProcess.Failure` if it does not start.
    package init(port: Int? = nil, errors: FileHandle? = nil) async throws {
        let port = port ?? Int.random(in: 20_000..<60_000)
        self.port = port
        let arguments = [
            "redis-server", "--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
        ]
        let directory = URL(fileURLWithPath: "/usr/bin")
        process = try ChildProcess("env", in: directory, arguments, errors: errors)
        _ = try await process.output(until: "Ready to accept connections")
    }

    package var address: String { "redis://127.0.0.1:\(port)" }

    /// Ends it without warning; what it held is gone.
    package func kill() async throws {
        try await process.kill()
    }
}
