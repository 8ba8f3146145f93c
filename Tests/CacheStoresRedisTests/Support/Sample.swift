import CacheStores
import CacheStoresRedis
import Logging
import Testing

/// Keys, entries and stores for tests.
enum Sample {
    static func key(_ number: Int) -> CacheKey {
        let word = UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15
        return CacheKey(words: (word, ~word, word &+ 1, word &* 3))
    }

    /// A key of readable bytes, for arguments of redis-cli.
    static func readableKey(_ number: Int) throws -> CacheKey {
        let name = "a key of readable bytes \(10_000_000 + number)"
        return try #require(CacheKey(Array(name.utf8)))
    }

    /// A value of its own for every key, so that a test notices a shifted reply.
    static func value(_ number: Int) -> [UInt8] { Array("value \(number)".utf8) }

    static func entry(_ number: Int, lasting life: Duration = .seconds(600)) -> CacheEntry<[UInt8]> {
        CacheEntry(value(number), expiry: WallClock.system.now.advanced(by: life))
    }

    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    static func store(
        _ address: String,
        capacity: Int? = nil,
        shards: Int = 1,
        acceptsEvictedMarks: Bool = false,
        clock: WallClock = .system,
        deadline: Duration = .seconds(20),
        tls: RedisTLS = RedisTLS()
    ) throws -> RedisStore {
        try RedisStore(
            address,
            namespace: "test",
            capacity: capacity,
            shards: shards,
            tls: tls,
            acceptsEvictedMarks: acceptsEvictedMarks,
            clock: clock,
            deadline: deadline,
            logger: logger
        )
    }
}

/// Waits until a condition is true, and returns false after the limit; errors of the condition are ignored.
func eventually(
    within limit: Duration = .seconds(60),
    _ condition: () async throws -> Bool
) async throws -> Bool {
    let end = ContinuousClock.now + limit
    while (try? await condition()) != true {
        guard ContinuousClock.now < end else { return false }
        try await Task.sleep(for: .milliseconds(10))
    }
    return true
}
