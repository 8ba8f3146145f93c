import CacheStores
import CacheStoresRedis
import Measuring
import TokenVerificationTestSupport

/// Look-ups in Redis, beside `redis-benchmark` and a blocking connection.
enum RedisReadRows {
    static let all = [
        lookups,
        verifications("sealed", of: RedisBench.hotEntries),
        verifications("sealed, 64 000", of: RedisBench.coldEntries),
        trip("sealed", of: RedisBench.hotEntries),
        trip("sealed, 64 000", of: RedisBench.coldEntries),
        missing,
    ]

    private static let entries = 1000
    private static let busy = 100_000
    private static let lonely = 5000

    private static let lookups = Row(
        "RedisStore, look-up, 64 tasks",
        .perSecond,
        against: "redis-benchmark -c 64",
        .ratio,
        .atLeast(2),
        rounds: 9
    ) {
        let server = try await RedisServer()
        let store = try await server.store(capacity: entries)
        try await store.set(RowSource().rows(entries), tasks: 64)
        let keys = Sample.keys(0..<entries)
        let raw = try RawRedis(port: server.port)
        guard let name = try raw.keys(of: "string").first else { throw BenchmarkError("Redis holds nothing") }
        let size = try raw.size(of: name)
        return Contest(
            .rate(of: busy / 64 * 64) {
                try await inParallel(64, over: 0..<busy) { range in
                    for number in range where try await store.entry(for: keys[number % entries]) == nil {
                        throw BenchmarkError("an entry is lost")
                    }
                }
            },
            .figure { try await server.benchmark("get", connections: 64, size: size) },
            end: {
                await store.shutdown()
                server.kill()
            }
        )
    }

    private static func verifications(_ what: String, of entries: Int) -> Row {
        Row(
            "verify, hit in Redis, \(what), 64 tasks",
            .perSecond,
            against: "redis-benchmark -c 64",
            .ratio,
            .atLeast(1.5),
            rounds: 9
        ) {
            let bench = try await RedisBench(entries: entries)
            return Contest(bench.ours, bench.benchmark, end: bench.end)
        }
    }

    private static func trip(_ what: String, of entries: Int) -> Row {
        Row(
            "verify, hit in Redis, \(what), one task",
            .nanoseconds,
            against: "a blocking redisCommand",
            .ratio,
            .atMost(1.4)
        ) {
            let bench = try await RedisBench(entries: entries)
            return Contest(bench.oursAlone, bench.raw, end: bench.end)
        }
    }

    private static let missing = Row(
        "RedisStore, look-up miss, one task",
        .nanoseconds,
        against: "a blocking redisCommand"
    ) {
        let server = try await RedisServer()
        let store = try await server.store(capacity: entries)
        try await store.set(RowSource().rows(entries), tasks: 64)
        let absent = Sample.keys(entries..<entries + lonely)
        let floor = try RawRedis(port: server.port)
        return Contest(
            .time(of: lonely) {
                for key in absent where try await store.entry(for: key) != nil {
                    throw BenchmarkError("the store holds something else")
                }
            },
            .time(of: lonely) {
                for key in absent where try floor.size(of: key.bytes) >= 0 {
                    throw BenchmarkError("Redis holds something else")
                }
            },
            end: {
                await store.shutdown()
                server.kill()
            }
        )
    }
}
