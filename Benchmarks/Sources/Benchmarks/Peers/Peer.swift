import Foundation
import Measuring
import TokenVerificationTestSupport

/// A program in Python that does what a peer's users do, and takes the time itself.
final class Peer: Sendable {
    /// The peers' names, as `peers.py` knows them.
    enum Name: String, CaseIterable, Codable {
        case fastMCP = "fastmcp"
        case diskcache
        case sqlite3
        case redisPy = "redis-py"
    }

    enum Operation: String, Codable {
        case get
        case set
    }

    private struct Question: Encodable {
        let peer: Name
        let operation: Operation
        let entries: Int
        let count: Int
        let tasks: Int
        let port: Int
    }

    private let program: ChildProcess
    private let name: Name
    private let port: Int

    /// Starts a peer by an interpreter and the script that knows it, and tells it where Redis listens.
    init(_ name: Name, _ command: [String], port: Int = 0) throws {
        guard let interpreter = command.first else { throw BenchmarkError("no interpreter is named") }
        program = try ChildProcess(interpreter, command.dropFirst() + [SampleAnswer.claimsObject])
        self.name = name
        self.port = port
    }

    /// How long so many operations take, in seconds.
    func seconds(
        _ operation: Operation,
        _ count: Int,
        entries: Int,
        tasks: Int = 1
    ) async throws -> Double {
        let question = Question(
            peer: name,
            operation: operation,
            entries: entries,
            count: count,
            tasks: tasks,
            port: port
        )
        try await program.tell(String(decoding: JSONEncoder().encode(question), as: UTF8.self))
        let line = try await program.nextLine()
        guard let seconds = Double(line) else { throw BenchmarkError("\(name) said: \(line)") }
        return seconds
    }

    @Sendable func stop() async {
        _ = try? await program.terminate()
    }
}

extension Contender {
    /// A peer, one operation at a time.
    static func time(of peer: Peer, _ operation: Peer.Operation, _ count: Int, entries: Int) -> Self {
        figure { try await peer.seconds(operation, count, entries: entries) * 1e9 / Double(count) }
    }

    /// A peer, by so many tasks.
    static func rate(
        of peer: Peer,
        _ operation: Peer.Operation,
        _ count: Int,
        entries: Int,
        tasks: Int
    ) -> Self {
        figure { Double(count) / (try await peer.seconds(operation, count, entries: entries, tasks: tasks)) }
    }
}
