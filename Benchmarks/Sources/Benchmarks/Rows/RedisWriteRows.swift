import CacheStores
import CacheStoresRedis
import Measuring
import TokenVerificationTestSupport

/// What a write costs the Redis server, in time and in memory.
enum RedisWriteRows {
    static let all = [overwriting, mixture, memory, script(expired: false), script(expired: true)]

    private static let entries = 100_000

    private static let overwriting = Row(
        "RedisStore, overwrite, 64 tasks",
        .perSecond,
        against: "redis-benchmark -t set -c 64",
        rounds: 9
    ) {
        let server = try await RedisServer()
        let store = try await server.store(capacity: 10_000)
        let rows = RowSource()
        try await store.set(rows.rows(10_000), tasks: 64)
        let size = Sample.value(0).count
        return Contest(
            .rate(of: 10_000, given: { rows.values(10_000) }, { try await store.set($0, tasks: 64) }),
            .figure { try await server.benchmark("set", connections: 64, size: size) },
            end: {
                await store.shutdown()
                server.kill()
            }
        )
    }

    private static let mixture = Row(
        "RedisStore, 95 % look-ups, 64 tasks",
        .perSecond,
        against: "look-ups alone",
        rounds: 9
    ) {
        let server = try await RedisServer()
        let store = try await server.store(capacity: 10_000)
        let rows = RowSource()
        try await store.set(rows.rows(10_000), tasks: 64)
        let keys = Sample.keys(0..<10_000)
        @Sendable func look(_ key: CacheKey) async throws {
            guard try await store.entry(for: key) != nil else { throw BenchmarkError("an entry is lost") }
        }
        return Contest(
            .rate(of: 64 * 500, given: { rows.values(64 * 25) }) { new in
                try await inParallel(64, over: 0..<64 * 25) { range in
                    for step in range {
                        for place in 0..<19 {
                            try await look(keys[(step * 19 + place) % 10_000])
                        }
                        try await store.set([new[step]], tasks: 1)
                    }
                }
            },
            .rate(of: 64 * 500) {
                try await inParallel(64, over: 0..<64 * 500) { range in
                    for number in range { try await look(keys[number % 10_000]) }
                }
            },
            end: {
                await store.shutdown()
                server.kill()
            }
        )
    }

    /// What an entry takes more than a plain `SET PX` of the same bytes under a key of the same length.
    private static let memory = Row(
        "memory in Redis of an entry, beyond a plain SET PX",
        .bytes,
        against: "SET PX of the same bytes",
        .difference,
        .atMost(320),
        rounds: 9
    ) {
        let server = try await RedisServer()
        let floor = try RawRedis(port: server.port)
        let (key, size) = try await sampleRecord(on: server, floor)
        return Contest(
            .figure {
                try await memoryOfAnEntry(floor) {
                    let store = try await server.store(capacity: entries)
                    try await store.set(RowSource().rows(entries), tasks: 64)
                    await store.shutdown()
                }
            },
            .figure {
                try await memoryOfAnEntry(floor) {
                    for number in 0..<entries {
                        let name = Array(Sample.key(number).bytes + key).prefix(key.count)
                        try floor.set(Array(name), Sample.value(number, size: size), milliseconds: 3_600_000)
                    }
                }
            },
            end: { server.kill() }
        )
    }

    /// The server's own time for a write of a new entry to a full store.
    private static func script(expired: Bool) -> Row {
        let name = expired ? "all of 100 000 expired" : "none of 100 000 expired"
        return Row(
            "Redis server time of a write, \(name)",
            .nanoseconds,
            against: "",
            .none,
            .atMost(100_000),
            rounds: 9
        ) {
            let server = try await RedisServer()
            let store = try await server.store(capacity: entries)
            let floor = try RawRedis(port: server.port)
            let rows = RowSource()
            try await store.set(rows.rows(entries), tasks: 64, living: .seconds(expired ? 20 : 3600))
            if expired {
                while try await store.count() > 0 { try await Task.sleep(for: .milliseconds(100)) }
            }
            return Contest(
                .figure {
                    let new = rows.rows(1000)
                    try floor.command("CONFIG", "RESETSTAT")
                    try await store.set(new, tasks: 1)
                    return try scriptTime(floor)
                },
                end: {
                    await store.shutdown()
                    server.kill()
                }
            )
        }
    }

    /// The mean of the script's times since the server's figures were reset.
    private static func scriptTime(_ connection: RawRedis) throws -> Double {
        let figures = try connection.information("commandstats", "cmdstat_evalsha").split(separator: ",")
        let name = "usec_per_call="
        guard let mean = figures.first(where: { $0.hasPrefix(name) }),
            let time = Double(mean.dropFirst(name.count))
        else { throw BenchmarkError("Redis says nothing of the script") }
        return time * 1000
    }

    /// A key as the store writes it, and the size of its record.
    private static func sampleRecord(
        on server: RedisServer,
        _ connection: RawRedis
    ) async throws -> (key: [UInt8], size: Int) {
        let store = try await server.store(capacity: entries)
        try await store.set(RowSource().rows(1), tasks: 1)
        await store.shutdown()
        guard let key = try connection.keys(of: "string").first else {
            throw BenchmarkError("nothing is in Redis")
        }
        return (key, try connection.size(of: key))
    }

    private static func memoryOfAnEntry(
        _ connection: RawRedis,
        _ fill: () async throws -> Void
    ) async throws -> Double {
        try connection.command("FLUSHALL")
        let before = try Double(connection.information("memory", "used_memory")) ?? 0
        try await fill()
        let after = try Double(connection.information("memory", "used_memory")) ?? 0
        return (after - before) / Double(entries)
    }
}
