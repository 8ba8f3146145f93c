import ExampleFleet
import Foundation
import HTTPTransports
import HTTPTypes
import Testing
import TokenVerificationTestSupport

/// Three gates that refresh ahead and share a store: a token in steady use is never waited for after its first use.
@Suite(.serialized, .timeLimit(.minutes(10))) struct HotTokensTests {
    private let scene: Scene
    private let lifetime = Duration.seconds(24)
    private let refreshAfter = Duration.seconds(8)
    private let near = Duration.seconds(1)

    init() throws {
        scene = try Scene()
    }

    private func gates(_ authority: AuthorityProcess, _ store: String) async throws -> [GateProcess] {
        var gates: [GateProcess] = []
        for _ in 0..<3 {
            gates.append(
                try await GateProcess(
                    asking: authority.address,
                    [
                        "--store", store, "--near", "1", "--lifetime", "24", "--refresh-after", "8",
                        "--sharing", "fleet",
                    ],
                    environment: [
                        "TOKEN_GATE_SEALING_SECRET": "a secret that all of the processes are given"
                    ],
                    errors: try scene.errors()
                )
            )
        }
        return gates
    }

    /// Uses each token once, eight at a time.
    ///
    /// - Returns: how many answers came from where.
    private func use(
        _ tokens: [String],
        at gate: @escaping @Sendable (Int) -> GateProcess
    ) async throws -> [String: Int] {
        try await withThrowingTaskGroup(of: [String: Int].self) { group in
            for lane in 0..<8 {
                group.addTask {
                    var sources: [String: Int] = [:]
                    for number in stride(from: lane, to: tokens.count, by: 8) {
                        let reply = try await gate(number).verify(tokens[number])
                        sources[reply.source ?? "\(reply.head.status)", default: 0] += 1
                    }
                    return sources
                }
            }
            return try await group.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
        }
    }

    /// How many plain look-ups a Redis has seen.
    private func lookups(in redis: RedisServer?) async throws -> Int {
        let statistics = try await redis?.run("INFO", "commandstats") ?? ""
        let calls = try #/cmdstat_get:calls=(\d+)/#.firstMatch(in: statistics).flatMap { Int($0.1) }
        return calls ?? 0
    }

    @Test(arguments: ["redis", "sqlite"])
    func `a thousand tokens in steady use for three times to live`(kind: String) async throws {
        let redis = kind == "redis" ? try await RedisServer() : nil
        let authority = try await AuthorityProcess(delay: .milliseconds(20), errors: try scene.errors())
        let gates = try await gates(authority, redis?.address ?? "sqlite:\(scene.path("cache.db"))")
        var tokens: [String] = []
        for number in 0..<1_000 {
            tokens.append(try await authority.token(for: "user \(number)", scope: "read"))
        }
        for gate in gates { _ = try await use(tokens) { _ in gate } }

        // Each token is used every three seconds or so, at one gate after the other.
        let before = try await authority.questions()
        let lookupsBefore = try await lookups(in: redis)
        var uses = 0
        let start = ContinuousClock.now
        var sources: [String: Int] = [:]
        var round = 0
        while start.duration(to: .now) < lifetime * 3 {
            let begin = ContinuousClock.now
            let turn = round
            sources.merge(try await use(tokens) { gates[($0 + turn) % 3] }, uniquingKeysWith: +)
            round += 1
            uses += tokens.count
            try await Task.sleep(until: begin + .seconds(3), clock: .continuous)
        }
        // On a busy machine a look-up may take longer than a store is given, and then the authority is asked.
        let hits = sources["hit"] ?? 0
        #expect(hits * 100 >= uses * 99, "uses waited for the authority: \(sources)")
        #expect(Set(sources.keys).isSubset(of: ["hit", "miss", "shared"]), "\(sources)")
        let questions = try await authority.questions() - before
        let periods = start.duration(to: .now) / refreshAfter
        #expect(Double(questions) <= 1.1 * 1_000 * periods, "\(questions) questions in \(periods) periods")
        #expect(questions >= 1_000)

        // The formula of the article Sizing. For each refresh Redis counts a look-up, and one each in the scripts of the
        // lease and of the write. SQLite does not count.
        let seconds = start.duration(to: .now) / .seconds(1)
        let expected = Double(uses) / (1 + Double(uses) / seconds / 3_000) + 3 * Double(questions)
        let found = Double(try await lookups(in: redis) - lookupsBefore)
        if redis != nil { #expect((0.6...1.6).contains(found / expected), "\(found) of \(expected)") }

        // A token that is revoked at the authority.
        let revoked = tokens[0]
        try await authority.revoke(revoked)
        let end = ContinuousClock.now + refreshAfter + near + .seconds(1)
        while ContinuousClock.now < end {
            for gate in gates { _ = try await gate.verify(revoked) }
            try await Task.sleep(for: .milliseconds(100))
        }
        for gate in gates {
            #expect(try await gate.verify(revoked).head.status == .unauthorized)
            #expect(try await gate.stop() == 0)
        }
        try await authority.stop()
        redis?.kill()
    }
}
