import CacheStoresRedis
import Measuring
import TokenVerification

/// Answers in a Redis server, and what else one can ask that server with.
final class RedisBench: Sendable {
    static let entries = 1000

    let server: RedisServer
    private let verifier: SampleVerifier
    private let floor: RawRedis
    /// The keys of the entries, as they lie in Redis.
    private let keys: [[UInt8]]
    /// How many bytes the server sends for a look-up.
    private let size: Int

    init() async throws {
        server = try await RedisServer.start()
        let cache = try await TokenCache(
            store: server.store(capacity: Self.entries),
            timeToLive: .seconds(3600),
            sealing: .secret(SealingSecret(String(repeating: "s", count: 32)))
        )
        verifier = try await SampleVerifier(Sample.texts(0..<Self.entries), tasks: 16, in: cache)
        floor = try RawRedis(port: server.port)
        keys = try floor.keys(of: "string")
        size = try floor.size(of: keys[0])
    }

    /// `verify` by 64 tasks; everybody verifies every token, and begins with another one.
    var ours: Contender {
        .rate(of: 64 * Self.entries) { [verifier] in
            try await inParallel(64, over: 0..<64) { task in
                let first = task.lowerBound * Self.entries / 64
                try await verifier.verify(first..<Self.entries)
                try await verifier.verify(0..<first)
            }
        }
    }

    /// `redis-benchmark` with 64 connections.
    var benchmark: Contender {
        .figure { [server, size] in try await server.benchmark("get", connections: 64, size: size) }
    }

    /// `verify` by one task.
    var oursAlone: Contender {
        .time(of: 5 * Self.entries) { [verifier] in try await verifier.verify(0..<Self.entries, turns: 5) }
    }

    /// A blocking round trip that fetches the same bytes.
    var raw: Contender {
        .time(of: 5 * keys.count) { [floor, keys] in
            for _ in 0..<5 {
                for key in keys where try floor.size(of: key) < 0 { throw BenchmarkError("an entry is lost") }
            }
        }
    }

    @Sendable func end() async {
        await verifier.cache.shutdown()
        await server.stop()
    }
}
