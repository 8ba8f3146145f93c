import CacheStores
import CacheStoresRedis
import Testing
import TokenVerificationTestSupport

/// The store's keys in Redis, and foreign values under them.
@Suite(.timeLimit(.minutes(10))) struct RecordTests {
    private let server: RedisServer

    init() async throws {
        server = try await RedisServer()
    }

    @Test func `a foreign value is a miss`() async throws {
        let store = try Sample.store("redis+unix://\(server.socketPath)?db=0")
        try await store.waitUntilConnected()
        try await store.setEntry(Sample.entry(1), for: Sample.key(1))
        try await store.setEntry(Sample.entry(2), for: Sample.key(2))
        let move =
            "local k = redis.call('KEYS', '{test}:e:*'); redis.call('SET', k[1], redis.call('GET', k[2])); return #k"
        #expect(try await server.run("EVAL", move, "0").contains("2"))
        let found = [
            try await store.entry(for: Sample.key(1))?.value,
            try await store.entry(for: Sample.key(2))?.value,
        ]
        #expect(found.compactMap(\.self).count == 1)
        for garbage in ["", "x", String(repeating: "y", count: 41)] {
            let plant =
                "for _, k in ipairs(redis.call('KEYS', '{test}:e:*')) do redis.call('SET', k, ARGV[1]) end"
            try await server.run("EVAL", plant, "0", garbage)
            #expect(try await store.entry(for: Sample.key(1)) == nil)
        }
        let misuse =
            "for _, k in ipairs(redis.call('KEYS', '{test}:e:*')) do redis.call('DEL', k); redis.call('LPUSH', k, 1) end"
        try await server.run("EVAL", misuse, "0")
        #expect(try await store.entry(for: Sample.key(1)) == nil)
        try await store.setEntry(Sample.entry(1), for: Sample.key(1))
        #expect(try await store.entry(for: Sample.key(1))?.value == Sample.value(1))
        await store.shutdown()
    }

    @Test func `entries that are in no index are removed too`() async throws {
        let store = try Sample.store(server.address)
        try await store.waitUntilConnected()
        for number in 0..<20 { try await store.setEntry(Sample.entry(number), for: Sample.key(number)) }
        try await server.run("SET", "{other}:e:x", "1")
        try await server.run("DEL", "{test}:q", "{test}:x")
        try await store.removeAll()
        for number in 0..<20 { #expect(try await store.entry(for: Sample.key(number)) == nil) }
        #expect(try await server.run("EXISTS", "{other}:e:x").contains("1"))
        await store.shutdown()
    }

    @Test func `every key of an idle namespace expires`() async throws {
        let store = try Sample.store(server.address, capacity: 5)
        try await store.waitUntilConnected()
        try await store.setEntry(Sample.entry(1), for: Sample.key(1))
        try await store.removeEntry(for: Sample.key(2), holding: .seconds(60))
        try await store.removeAll(holding: .seconds(60))
        try await store.setEntry(Sample.entry(1), for: Sample.key(1))
        let mortal =
            "for _, k in ipairs(redis.call('KEYS', '*')) do if redis.call('TTL', k) < 0 then return k end end"
        #expect(try await server.run("EVAL", mortal, "0").contains("{") == false)
        await store.shutdown()
    }

    @Test func `a key percent-encodes the name but for letters, digits and four marks`() async throws {
        let name = "azAZ09-._~ !\"#$%&'()*+,/:;<=>?@[\\]^`{|}\0\n\u{7F}é\u{301}🙂"
        let store = try RedisStore(server.address, namespace: name, deadline: .seconds(20))
        try await store.waitUntilConnected()
        try await store.setEntry(Sample.entry(1), for: Sample.key(1))
        let tag =
            "azAZ09-._~%20%21%22%23%24%25%26%27%28%29%2A%2B%2C%2F%3A%3B%3C%3D%3E%3F%40%5B%5C%5D%5E%60%7B%7C%7D"
            + "%00%0A%7F%C3%A9%CC%81%F0%9F%99%82"
        #expect(try await server.run("EXISTS", "{\(tag)}:q", "{\(tag)}:x", "{\(tag)}:p").contains("3"))
        await store.shutdown()
    }

    @Test(arguments: ["{a}", "a b", "a\0b", "é", String(repeating: "n", count: 1_024), "*", "a:e:b"])
    func `a namespace may have any name`(name: String) async throws {
        let store = try RedisStore(server.address, namespace: name, deadline: .seconds(20))
        let other = try RedisStore(
            server.address,
            namespace: name == "*" ? "x" : "*",
            deadline: .seconds(20)
        )
        for store in [store, other] { try await store.waitUntilConnected() }
        try await store.setEntry(Sample.entry(1), for: Sample.key(1))
        try await other.removeAll()
        #expect(try await store.entry(for: Sample.key(1))?.value == Sample.value(1))
        #expect(try await other.entry(for: Sample.key(1)) == nil)
        try await store.removeAll()
        #expect(try await store.count() == 0)
        for store in [store, other] { await store.shutdown() }
    }
}
