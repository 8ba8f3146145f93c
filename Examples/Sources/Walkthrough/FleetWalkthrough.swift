import ExampleFleet
import Foundation
import HTTPTransports
import HTTPTypes
import TokenVerificationTestSupport

/// The main job of a fleet, step by step: one authorization server, and three TokenGates that share a Redis.
struct FleetWalkthrough {
    /// As long as introspection typically takes across a network.
    private static let delay: Duration = .milliseconds(50)
    private static let capacity = 20

    private let report: Report
    private let log: FileHandle
    private let steps: Steps

    init(report: Report, log: FileHandle) {
        self.report = report
        self.log = log
        steps = Steps(report: report, storeName: "Redis, or near")
    }

    func run() async throws {
        report.begin(
            """
            Three TokenGates share a Redis, as they would on three machines. The authorization server takes
            \(Int(Self.delay / .milliseconds(1))) ms to answer; what it says is kept in Redis, sealed, and near each gate \
            for five seconds at the most.
            """
        )
        let authority = try await AuthorityProcess(delay: Self.delay, errors: log)
        var redis = try await RedisServer()
        var gates: [GateProcess] = []
        for _ in 0..<3 { gates.append(try await gate(asking: authority, redis)) }
        try await connect(gates, authority)

        try await steps.burst("50 first uses of Dave's token, over the three", by: "dave", gates, authority)
        try await revocation(gates, authority)
        try await capacity(gates, authority, redis)
        try await outage(&gates, authority, &redis)

        for gate in gates where try await gate.stop() != 0 {
            report.fail("a gate did not end with status 0")
        }
        try await authority.stop()
        redis.kill()
        report.end()
    }

    private func gate(asking authority: AuthorityProcess, _ redis: RedisServer) async throws -> GateProcess {
        try await GateProcess(
            asking: authority.address,
            ["--store", redis.address, "--capacity", String(Self.capacity), "--near", "5"],
            environment: ["TOKEN_GATE_SEALING_SECRET": "a secret that every process of a fleet is given"],
            errors: log
        )
    }

    /// Waits until each gate has reached Redis, which it does in the background, and begins to count then.
    private func connect(_ gates: [GateProcess], _ authority: AuthorityProcess) async throws {
        let token = try await authority.token(for: "nobody in particular", scope: "read")
        for gate in gates {
            try await eventually("a gate reaches Redis", within: .seconds(10)) {
                try await gate.verify(token).source == "hit"
            }
        }
        try await steps.begin(with: authority)
    }

    private func revocation(_ gates: [GateProcess], _ authority: AuthorityProcess) async throws {
        let alice = try await authority.token(for: "alice", scope: "read")
        let names = ["first", "second", "third"]
        for (name, gate) in zip(names, gates) {
            let isNew = name == "first"
            try await steps.step(
                "Alice's token, at the \(name) gate",
                alice,
                gate,
                authority,
                isNew ? .asked("200 alice") : .kept("200 alice"),
                steps.questions + (isNew ? 1 : 0)
            )
        }
        try await authority.revoke(alice)
        try await steps.step(
            "revoked at the authority, but known here",
            alice,
            gates[1],
            authority,
            .kept("200 alice"),
            steps.questions
        )
        let forgotten = try await gates[0].forget(alice)
        if forgotten.head.status.code != 204 { report.fail("forgetting gave \(forgotten.head.status.code)") }
        for (name, gate) in zip(names, gates) {
            // Redis tells the others, which takes about a millisecond.
            try await steps.step(
                "forgotten at the first: at the \(name) gate",
                alice,
                gate,
                authority,
                .asked("401 invalid_token"),
                steps.questions + 1,
                within: .seconds(1)
            )
        }
    }

    private func capacity(
        _ gates: [GateProcess],
        _ authority: AuthorityProcess,
        _ redis: RedisServer
    ) async throws {
        let start = ContinuousClock.now
        for number in 0..<(2 * Self.capacity) {
            let token = try await authority.token(for: "user \(number)", scope: "read")
            _ = try await gates[number % gates.count].verify(token)
        }
        let count = try await redis.count(in: "token-gate")
        try await steps.show(
            "\(2 * Self.capacity) more tokens, over the three",
            "\(count) are kept",
            wanted: "\(Self.capacity) are kept",
            from: "Redis itself",
            authority,
            took: ContinuousClock.now - start
        )
    }

    private func outage(
        _ gates: inout [GateProcess],
        _ authority: AuthorityProcess,
        _ redis: inout RedisServer
    ) async throws {
        let carol = try await authority.token(for: "carol", scope: "read")
        let (asked, kept) = (Steps.Wanted.asked("200 carol"), Steps.Wanted.kept("200 carol"))
        try await steps.step("Carol's token, at the first gate", carol, gates[0], authority, asked, nil)
        try await steps.step("the same again", carol, gates[0], authority, kept, steps.questions)
        let port = redis.port
        redis.kill()
        try await steps.step(
            "Redis is killed: the same again",
            carol,
            gates[0],
            authority,
            asked,
            steps.questions + 1,
            within: .seconds(5)
        )
        if try await gates[2].stop() != 0 { report.fail("the third gate did not end with status 0") }
        gates[2] = try await gate(asking: authority, redis)
        let questions = steps.questions
        try await steps.step("the third gate, restarted", carol, gates[2], authority, asked, questions + 1)
        redis = try await RedisServer(port: port)
        for (name, gate) in zip(["first", "third"], [gates[0], gates[2]]) {
            let words = "Redis is back: at the \(name) gate"
            try await steps.step(words, carol, gate, authority, kept, nil, within: .seconds(20))
        }
    }
}
