import ExampleFleet
import Foundation
import HTTPTransports
import HTTPTypes
import Testing
import TokenVerificationTestSupport

/// Several gates that share a Redis, as real processes.
@Suite(.timeLimit(.minutes(10))) struct RedisGatesTests {
    private let scene: Scene

    init() throws {
        scene = try Scene()
    }

    private func gate(
        _ authority: AuthorityProcess,
        _ redis: String,
        _ arguments: String...
    ) async throws -> GateProcess {
        try await GateProcess(
            asking: authority.address,
            ["--store", redis] + arguments,
            environment: ["TOKEN_GATE_SEALING_SECRET": "a secret that all of the processes are given"],
            errors: try scene.errors()
        )
    }

    /// Waits until a gate finds a token in the store.
    private func eventuallyHits(_ gate: GateProcess, _ token: String) async throws {
        try await eventually { try await gate.verify(token).source == "hit" }
    }

    @Test func `what one asked, all know, and what one forgets, all refuse`() async throws {
        let redis = try await RedisServer()
        let authority = try await AuthorityProcess(errors: try scene.errors())
        let first = try await gate(authority, redis.address)
        let second = try await gate(authority, redis.address)
        let token = try await authority.token(for: "alice", scope: "read")
        try await eventuallyHits(first, token)
        try await eventuallyHits(second, token)
        try await authority.revoke(token)
        #expect(try await second.verify(token).head.status == .ok)
        #expect(try await first.forget(token).head.status == .noContent)
        for gate in [first, second] {
            #expect(try await gate.verify(token).head.status == .unauthorized)
            #expect(try await gate.stop() == 0)
        }
        try await authority.stop()
        redis.kill()
    }

    @Test func `first uses at three gates are one question, if they share it`() async throws {
        let redis = try await RedisServer()
        let authority = try await AuthorityProcess(delay: .milliseconds(300), errors: try scene.errors())
        let known = try await authority.token(for: "known", scope: "read")
        var gates: [GateProcess] = []
        for _ in 0..<3 {
            let gate = try await gate(authority, redis.address, "--sharing", "fleet")
            try await eventuallyHits(gate, known)
            gates.append(gate)
        }
        let before = try await authority.questions()
        let token = try await authority.token(for: "alice", scope: "read")
        let sources = try await gates.askAtOnce(about: token)
        #expect(sources.count == 96)
        #expect(sources.filter { $0 == "miss" }.count == 1)
        #expect(try await authority.questions() == before + 1)
        for gate in gates { #expect(try await gate.stop() == 0) }
        try await authority.stop()
        redis.kill()
    }

    @Test func `logins go on without Redis, and find it again`() async throws {
        let redis = try await RedisServer()
        let authority = try await AuthorityProcess(errors: try scene.errors())
        let gate = try await gate(authority, redis.address)
        let token = try await authority.token(for: "alice", scope: "read")
        try await eventuallyHits(gate, token)
        redis.kill()
        for _ in 0..<3 { #expect(try await gate.verify(token).head.status == .ok) }
        #expect(try await gate.forget(token).head.status == .serviceUnavailable)
        let again = try await RedisServer(port: redis.port)
        try await eventuallyHits(gate, token)
        #expect(try await gate.stop() == 0)
        try await authority.stop()
        again.kill()
    }

    @Test func `a gate starts while Redis is down, and warns`() async throws {
        let authority = try await AuthorityProcess(errors: try scene.errors())
        let gate = try await gate(authority, "redis://127.0.0.1:9")
        let token = try await authority.token(for: "alice", scope: "read")
        #expect(try await gate.verify(token).head.status == .ok)
        #expect(try await gate.stop() == 0)
        #expect(scene.complaints.contains("no connection to 127.0.0.1:9"))
        try await authority.stop()
    }
}
