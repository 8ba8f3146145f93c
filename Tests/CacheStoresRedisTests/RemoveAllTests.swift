import CacheStores
import CacheStoresRedis
import RedisServers
import Testing

/// What it takes to remove everything from a database that other applications use as well.
@Suite(.timeLimit(.minutes(3))) struct RemoveAllTests {
    private let server: RedisServer

    init() async throws {
        server = try await RedisServer()
    }

    private func filled(shards: Int = 1) async throws -> RedisStore {
        let store = try Sample.store(server.address, shards: shards)
        try await store.ready()
        for number in 0..<1_000 {
            try await store.setEntry(Sample.entry(number), for: Sample.key(number))
        }
        return store
    }

    /// Fills the database with other applications' keys.
    private func share() async throws {
        try await server.run("DEBUG", "POPULATE", "300000")
    }

    /// How often the server has run a command, in scripts or not; without a name, any command.
    private func calls(of command: String = "") async throws -> Int {
        let lines = try await server.run("INFO", "commandstats").split(whereSeparator: \.isNewline)
        return lines.reduce(0) { sum, line in
            guard line.hasPrefix("cmdstat_\(command)\(command.isEmpty ? "" : ":")"),
                let calls = line.split(separator: "calls=").dropFirst().first?.prefix(while: \.isNumber)
            else { return sum }
            return sum + (Int(calls) ?? 0)
        }
    }

    private func remains() async throws -> Int {
        let script = "return #redis.call('KEYS', '{test*:e:*')"
        return Int(try await server.run("EVAL", script, "0").filter(\.isNumber)) ?? -1
    }

    @Test(arguments: [1, 4])
    func `the keys of other applications cost nothing`(shards: Int) async throws {
        let store = try await filled(shards: shards)
        try await share()
        try await server.run("CONFIG", "RESETSTAT")
        try await store.removeAll(holding: .seconds(60))
        #expect(try await calls(of: "scan") == 0)
        // Three for each entry, and some for each shard.
        #expect(try await calls() < 3 * 1_000 + 40 * shards)
        #expect(try await remains() == 0)
        #expect(try await server.run("DBSIZE").contains("3000"), "the others' keys are still there")
        await store.shutdown()
    }

    @Test(arguments: ["q", "x"])
    func `one index that is lost hides nothing`(index: String) async throws {
        let store = try await filled()
        try await share()
        try await server.run("DEL", "{test}:\(index)")
        for number in 1_000..<1_010 {
            try await store.setEntry(Sample.entry(number), for: Sample.key(number))
        }
        try await server.run("CONFIG", "RESETSTAT")
        try await store.removeAll()
        #expect(try await remains() == 0)
        #expect(try await calls(of: "scan") == 0)
        #expect(try await store.count() == 0)
        await store.shutdown()
    }

    @Test func `where indexes may be evicted a big database is gone through in the background`() async throws
    {
        let store = try await filled()
        try await share()
        try await server.run("CONFIG", "SET", "maxmemory", "1gb")
        try await server.run("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
        try await server.run("DEL", "{test}:q", "{test}:x")
        try await server.run("CONFIG", "RESETSTAT")
        try await store.removeAll(holding: .seconds(60))
        #expect(try await eventually { try await remains() == 0 })
        #expect(try await eventually { try await calls(of: "scan") > 300 })
        // What is stored meanwhile stays.
        let asked = try #require(store.now).advanced(by: .seconds(5))
        try await store.removeAll(holding: .seconds(60))
        try await store.setEntry(Sample.entry(1), for: Sample.key(1), asked: asked, before: nil)
        #expect(try await eventually { try await calls(of: "scan") > 700 })
        #expect(try await store.entry(for: Sample.key(1))?.value == Sample.value(1))
        try await store.removeAll()
        await store.shutdown()
        await #expect(throws: StoreError.self) { try await store.removeAll() }
    }
}
