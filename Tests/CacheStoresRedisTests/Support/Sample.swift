import CacheStores
import CacheStoresRedis
import Logging

/// Keys, entries and stores for tests.
enum Sample {
    static func key(_ number: Int) -> CacheKey {
        let word = UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15
        return CacheKey(words: (word, ~word, word &+ 1, word &* 3))
    }

    /// Different for every key, so that an answer to another question shows.
    static func value(_ number: Int) -> [UInt8] { Array("value \(number)".utf8) }

    static func entry(_ number: Int, lasting life: Duration = .seconds(600)) -> CacheEntry<[UInt8]> {
        CacheEntry(value(number), expiry: WallClock.system.now.advanced(by: life))
    }

    static func store(
        _ address: String,
        capacity: Int? = nil,
        deadline: Duration = .seconds(20),
        tls: RedisTLS = RedisTLS()
    ) throws -> RedisStore {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return try RedisStore(
            address,
            namespace: "test",
            capacity: capacity,
            tls: tls,
            deadline: deadline,
            logger: logger
        )
    }
}

/// Waits until something holds, asking again and again; what it throws meanwhile is ignored.
func eventually(
    within limit: Duration = .seconds(20),
    _ condition: () async throws -> Bool
) async throws -> Bool {
    let end = ContinuousClock.now + limit
    while (try? await condition()) != true {
        guard ContinuousClock.now < end else { return false }
        try await Task.sleep(for: .milliseconds(10))
    }
    return true
}
