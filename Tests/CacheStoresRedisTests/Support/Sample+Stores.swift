import CacheStores
import CacheStoresRedis
import Logging
import Testing
import TokenVerificationTestSupport

extension Sample {
    /// A key of readable bytes, for arguments of redis-cli.
    static func readableKey(_ number: Int) throws -> CacheKey {
        let name = "a key of readable bytes \(10_000_000 + number)"
        return try #require(CacheKey(Array(name.utf8)))
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
