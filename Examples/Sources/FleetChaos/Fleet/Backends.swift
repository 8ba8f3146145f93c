import ExampleFleet
import Foundation
import Synchronization
import TokenVerificationTestSupport

/// The Redis and the authorization server of a run, which are killed and come back where they were.
final class Backends: Sendable {
    private struct State {
        var redis: RedisServer
        var authority: AuthorityProcess
        var losses = Spans()
    }

    private let state: Mutex<State>
    private let tokens: URL
    private let errors: FileHandle
    private static let delay: Duration = .milliseconds(20)

    init(in directory: URL, errors: FileHandle) async throws {
        tokens = directory.appendingPathComponent("tokens.jsonl")
        self.errors = errors
        let redis = try await RedisServer()
        let tokens = tokens
        let authority = try await Self.trying {
            // Not a port that the system gives to clients: one of them could take it while the server is down.
            let port = Int.random(in: 10_000..<32_000)
            return try await AuthorityProcess(
                delay: Self.delay,
                at: "http://127.0.0.1:\(port)",
                tokens: tokens,
                errors: errors
            )
        }
        state = Mutex(State(redis: redis, authority: authority))
    }

    var redis: RedisServer { state.withLock(\.redis) }
    var authority: AuthorityProcess { state.withLock(\.authority) }
    /// When Redis lost what it held.
    var losses: Spans { state.withLock(\.losses) }

    /// Kills Redis and starts it after a while, empty.
    func restartRedis(after duration: Duration) async throws {
        let redis = redis
        try await losingEverything {
            redis.kill()
            try await Task.sleep(for: duration)
            let next = try await Self.trying { try await RedisServer(port: redis.port) }
            state.withLock { $0.redis = next }
        }
    }

    func flushRedis() async throws {
        try await losingEverything { try await tellRedis("FLUSHALL") }
    }

    /// Gives Redis a command that it has to agree to.
    func tellRedis(_ command: String...) async throws {
        let answer = try await redis.run(command)
        guard answer.hasPrefix("OK") || Int(answer.filter(\.isNumber)) != nil, !answer.contains("ERR") else {
            throw TestFailure("Redis said: \(answer)")
        }
    }

    /// Kills the authorization server, and starts it after a while with the tokens that it had.
    func restartAuthority(after duration: Duration) async throws {
        let authority = authority
        await authority.kill()
        try await Task.sleep(for: duration)
        let next = try await Self.trying {
            try await AuthorityProcess(
                delay: Self.delay,
                at: authority.address,
                tokens: tokens,
                errors: errors
            )
        }
        state.withLock { $0.authority = next }
    }

    func stop() async throws {
        redis.kill()
        try await authority.stop()
    }

    /// Starts something, again and again if it fails.
    private static func trying<Process>(_ start: () async throws -> Process) async throws -> Process {
        for _ in 0..<10 {
            if let process = try? await start() { return process }
            try await Task.sleep(for: .milliseconds(300))
        }
        return try await start()
    }

    private func losingEverything(_ loss: () async throws -> Void) async throws {
        state.withLock { $0.losses.begin(at: .now) }
        defer { state.withLock { $0.losses.end(at: .now) } }
        try await loss()
    }
}
