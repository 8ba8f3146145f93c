package import Foundation

/// A running redis-server that keeps nothing on disk.
package final class RedisProcess: Sendable {
    private static let programs = URL(fileURLWithPath: "/usr/bin")

    package let port: Int
    private let process: ChildProcess

    /// Starts one.
    ///
    /// - Parameters:
    ///   - port: where it listens; `nil` for a free one.
    ///   - errors: where its standard error goes.
    /// - Throws: `ChildProcess.Failure` if it does not start.
    package init(port: Int? = nil, errors: FileHandle? = nil) async throws {
        // Below the ports that the system gives to clients; another server may have it all the same.
        var candidates = port.map { [$0] } ?? (0..<20).map { _ in Int.random(in: 10_000..<32_000) }
        while true {
            let port = candidates.removeLast()
            let arguments = [
                "redis-server", "--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly",
                "no",
            ]
            let process = try ChildProcess(
                "env",
                in: Self.programs,
                arguments,
                errors: errors
            )
            do {
                _ = try await process.output(until: "Ready to accept connections")
            } catch {
                guard candidates.isEmpty else { continue }
                throw error
            }
            self.port = port
            self.process = process
            return
        }
    }

    package var address: String { "redis://127.0.0.1:\(port)" }

    /// How many entries a namespace holds, as the server itself says.
    package func count(in namespace: String) async throws -> Int {
        guard let count = Int(try await run("ZCARD", "{\(namespace)}:q").filter(\.isNumber)) else {
            throw ChildProcess.Failure(description: "redis-cli gave no number")
        }
        return count
    }

    /// Gives it a command, as an operator would.
    ///
    /// - Returns: what redis-cli prints.
    @discardableResult
    package func run(_ command: String...) async throws -> String {
        try await run(command)
    }

    @discardableResult
    package func run(_ command: [String]) async throws -> String {
        let client = try ChildProcess("env", in: Self.programs, ["redis-cli", "-p", String(port)] + command)
        return try await client.output()
    }

    /// Stops it where it is, or lets it go on.
    package func pause(_ isPaused: Bool) {
        process.pause(isPaused)
    }

    /// Ends it without warning; what it held is gone.
    package func kill() async throws {
        try await process.kill()
    }
}
