import CacheStoresSQLite
import Measuring
import TokenVerificationTestSupport

/// TokenGate as a program, over HTTP.
enum GateRows {
    static let all = [
        memory, sqlite, redis,
        start("TokenGate, start, memory") { _ in ["--store", "memory:"] },
        start("TokenGate, start, SQLite with 100 000 rows") { directory in
            let path = directory.path(of: "tokens.db")
            let store = try SQLiteStore(path: path, capacity: 100_000)
            try await store.set(RowSource().rows(100_000), tasks: 64)
            await store.shutdown()
            return ["--store", "sqlite:\(path)"]
        },
    ]

    private static let memory = Row(
        "TokenGate, memory",
        parts: parts,
        .nanoseconds,
        against: "/healthz",
        rounds: 9
    ) {
        let gate = try await Gate(keeping: ["--store", "memory:"])
        return contest(gate, end: gate.stop)
    }

    private static let sqlite = Row(
        "TokenGate, SQLite",
        parts: parts,
        .nanoseconds,
        against: "/healthz",
        rounds: 9
    ) {
        let directory = try TemporaryDirectory()
        let gate = try await Gate(keeping: ["--store", "sqlite:\(directory.path(of: "tokens.db"))"])
        return contest(gate) {
            await gate.stop()
            withExtendedLifetime(directory) {}
        }
    }

    private static let redis = Row(
        "TokenGate, Redis",
        parts: parts,
        .nanoseconds,
        against: "/healthz",
        rounds: 9
    ) {
        let server = try await RedisServer()
        let gate = try await Gate(keeping: ["--store", server.address])
        return contest(gate) {
            await gate.stop()
            server.kill()
        }
    }

    private static let parts = ["latency p50", "latency p99", "latency p99.9", "CPU per request"]

    private static func contest(_ gate: Gate, end: @escaping @Sendable () async -> Void) -> Contest {
        Contest(
            .figures { try await gate.verify() },
            .figures { try await gate.idle() },
            end: end
        )
    }

    /// From the start of the program until it listens, against a server of the same kind that has no cache.
    private static func start(
        _ name: String,
        keeping store: @escaping @Sendable (TemporaryDirectory) async throws -> [String]
    ) -> Row {
        Row(name, .nanoseconds, against: "a server without a cache", rounds: 9) {
            let directory = try TemporaryDirectory()
            let options = try await store(directory)
            return Contest(
                .figure {
                    try await time { try await .gate(asking: "http://127.0.0.1:9", keeping: options) }
                },
                .figure { try await time { try await .authority() } },
                end: { withExtendedLifetime(directory) {} }
            )
        }
    }

    private static func time(_ start: () async throws -> ExampleServer) async throws -> Double {
        let clock = ContinuousClock()
        let begin = clock.now
        let server = try await start()
        let time = begin.duration(to: clock.now)
        await server.stop()
        return time / .nanoseconds(1)
    }
}
