import CacheStores
import CacheStoresRedis
import CacheStoresTesting
import Testing
import TokenVerificationTestSupport

/// Marks in a server that evicts, runs out of memory, restarts and tells of changes.
@Suite(.timeLimit(.minutes(10))) struct MarkTests {
    private let server: RedisServer
    private let end = WallClock.system.now.advanced(by: .seconds(3_600))

    init() async throws {
        server = try await RedisServer()
    }

    private func ready(
        _ server: RedisServer? = nil,
        shards: Int = 1,
        acceptsEvictedMarks: Bool = false,
        clock: WallClock = .system
    ) async throws -> RedisStore {
        let store = try Sample.store(
            (server ?? self.server).address,
            capacity: 100_000,
            shards: shards,
            acceptsEvictedMarks: acceptsEvictedMarks,
            clock: clock
        )
        try await store.waitUntilConnected()
        return store
    }

    private func keys(_ count: Int) -> [CacheKey] { (0..<count).map(Sample.key) }

    @Test func `marks have no time to live, and are swept by later ones`() async throws {
        let clock = ManualClock()
        let store = try await ready(clock: WallClock(clock))
        for number in 0..<20 {
            let end = clock.now.advanced(by: .seconds(1))
            try await store.setMark(clock.now, for: Sample.readableKey(number), until: end)
        }
        let name = try "{test}:m:" + String(decoding: Sample.readableKey(7).bytes, as: UTF8.self)
        for key in [name, "{test}:y"] { #expect(try await server.run("TTL", key) == "-1\n") }
        clock.advance(by: .seconds(1))
        #expect(try await store.marks(for: [Sample.readableKey(7)]) == [nil])
        let later = clock.now.advanced(by: .seconds(1))
        for number in 20..<22 {
            try await store.setMark(clock.now, for: Sample.readableKey(number), until: later)
        }
        #expect(try await server.run("ZCARD", "{test}:y") == "2\n")
        #expect(try await server.run("KEYS", "{test}:m:*").split(separator: "\n").count == 2)
        // One that lives on is not swept by its former end.
        let longer = clock.now.advanced(by: .seconds(9))
        try await store.setMark(clock.now, for: Sample.readableKey(20), until: longer)
        clock.advance(by: .seconds(1))
        try await store.setMark(clock.now, for: Sample.readableKey(30), until: longer)
        #expect(
            try await store.marks(for: (20..<22).map(Sample.readableKey)).map { $0 != nil } == [true, false]
        )
        await store.shutdown()
    }

    @Test(arguments: ["volatile-ttl", "volatile-lru", "volatile-lfu", "volatile-random"])
    func `no volatile policy evicts a mark`(policy: String) async throws {
        let store = try await ready()
        try await server.run("CONFIG", "SET", "maxmemory-policy", policy)
        let moment = WallClock.system.now
        for key in keys(50) { try await store.setMark(moment, for: key, until: end) }
        let value = [UInt8](repeating: 7, count: 1_000)
        try await server.run("CONFIG", "SET", "maxmemory", "2mb")
        for number in 0..<3_000 {
            let entry = CacheEntry(value, expiry: WallClock.system.now.advanced(by: .seconds(600)))
            try await store.setEntry(entry, for: Sample.key(number))
        }
        #expect(try await !server.run("INFO", "stats").contains("evicted_keys:0\r"))
        #expect(try await store.marks(for: keys(50)) == keys(50).map { _ in moment })
        await store.shutdown()
    }

    @Test(arguments: ["allkeys-lru", "allkeys-lfu", "allkeys-random"], [1, 3])
    func `where the server may evict marks, setting one throws unless that is accepted`(
        policy: String,
        shards: Int
    ) async throws {
        let strict = try await ready(shards: shards)
        let accepting = try await ready(shards: shards, acceptsEvictedMarks: true)
        let moment = WallClock.system.now
        // Also where the policy changes while the store is connected.
        try await strict.setMark(moment, for: Sample.key(1), until: end)
        try await server.run("CONFIG", "SET", "maxmemory-policy", policy)
        let error = await #expect(throws: StoreError.self) {
            try await strict.setMark(moment, for: Sample.key(2), until: end)
        }
        #expect(error?.message.contains("acceptsEvictedMarks") == true)
        #expect(try await strict.marks(for: keys(3)) == [nil, moment, nil])
        try await accepting.setMark(moment, for: Sample.key(2), until: end)
        #expect(try await strict.marks(for: keys(3)) == [nil, moment, moment])
        await strict.shutdown()
        await accepting.shutdown()
    }

    @Test func `where the server does not tell its policy, setting a mark throws unless that is accepted`()
        async throws
    {
        try await server.run("ACL", "SETUSER", "default", "-info")
        let strict = try await ready()
        let accepting = try await ready(acceptsEvictedMarks: true)
        let moment = WallClock.system.now
        await #expect(throws: StoreError.self) {
            try await strict.setMark(moment, for: Sample.key(1), until: end)
        }
        try await accepting.setMark(moment, for: Sample.key(1), until: end)
        #expect(try await strict.marks(for: keys(2)) == [nil, moment])
        await strict.shutdown()
        await accepting.shutdown()
    }

    @Test func `a lack of memory does not stop a mark`() async throws {
        let store = try await ready()
        try await server.run("CONFIG", "SET", "maxmemory", "1")
        let moment = WallClock.system.now
        try await store.setMark(moment, for: Sample.key(1), until: end)
        #expect(try await store.marks(for: keys(2)) == [nil, moment])
        await store.shutdown()
    }

    @Test func `marks survive the death of a server that keeps its data on disk`() async throws {
        let server = try await RedisServer("--appendonly", "yes", "--appendfsync", "always")
        let store = try await ready(server)
        let moment = WallClock.system.now
        try await store.setMark(moment, for: Sample.key(1), until: end)
        server.kill()
        try await server.start()
        try await eventually { try await store.marks(for: keys(2)) == [nil, moment] }
        await store.shutdown()
    }

    @Test(arguments: [1, 8])
    func `a mark is reported under its key`(shards: Int) async throws {
        let (mine, theirs) = (try await ready(shards: shards), try await ready(shards: shards))
        #expect(theirs.reportsMarks)
        let subscription = Subscription(to: theirs)
        try await eventually { subscription.received == [.everything] }
        try await mine.setMark(WallClock.system.now, for: Sample.key(1), until: end)
        try await eventually { subscription.received == [.everything, .key(Sample.key(1))] }
        await mine.shutdown()
        await theirs.shutdown()
    }
}
