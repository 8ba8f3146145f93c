import CacheStores
import CacheStoresRedis
import Synchronization
import Testing
import TokenVerificationTestSupport

/// The cost of `removeAll` in a database that other applications also use.
@Suite(.timeLimit(.minutes(10))) struct RemoveAllTests {
    private let server: RedisServer

    init() async throws {
        server = try await RedisServer()
    }

    private func filled(shards: Int = 1) async throws -> RedisStore {
        let store = try Sample.store(server.address, shards: shards)
        try await store.waitUntilConnected()
        for number in 0..<1_000 {
            try await store.setEntry(Sample.entry(number), for: Sample.key(number))
        }
        return store
    }

    /// Adds keys of other applications to the database.
    private func share() async throws {
        try await server.run("DEBUG", "POPULATE", "300000")
    }

    /// How often the server has run a command, in scripts too; without a name, any command.
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
    func `keys of other applications do not raise the cost`(shards: Int) async throws {
        let store = try await filled(shards: shards)
        try await share()
        try await server.run("CONFIG", "RESETSTAT")
        try await store.removeAll(holding: .seconds(60))
        #expect(try await calls(of: "scan") == 0)
        // Three for each entry, and some for each shard.
        #expect(try await calls() < 3 * 1_000 + 40 * shards)
        #expect(try await remains() == 0)
        #expect(try await server.run("DBSIZE").contains("3000"), "keys of other applications stay")
        await store.shutdown()
    }

    @Test(arguments: ["q", "x"])
    func `a lost index hides no entry`(index: String) async throws {
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

    /// `SCAN` visits the empty places of a hash table too, so the number of keys does not tell how many steps it takes.
    @Test func `a small database is searched to its end, however many steps that takes`() async throws {
        let scans = Atomic(0)
        let scripts = Atomic(0)
        let server = try await ScriptedServer { command in
            if command.contains("DBSIZE") { return .init(bytes: ":10\r\n") }
            if command.contains("SCAN") {
                let step = scans.add(1, ordering: .relaxed).newValue
                let cursor = step % 150 == 0 ? "0" : String(step)
                return .init(bytes: "*2\r\n$\(cursor.count)\r\n\(cursor)\r\n*0\r\n")
            }
            guard command.contains("EVAL") else { return nil }
            return switch scripts.add(1, ordering: .relaxed).oldValue {
            // It opens the store.
            case 0: nil
            // The place of the last entry; then nothing is left up to it, and nothing without a place.
            case 1: .init(bytes: "$1\r\n0\r\n")
            case 2: .init(bytes: ":1\r\n")
            default: .init(bytes: "$-1\r\n")
            }
        } _: {
            .init(bytes: "$-1\r\n")
        }
        let store = try Sample.store(server.address)
        try await store.waitUntilConnected()
        try await store.removeAll()
        #expect(scans.load(ordering: .relaxed) == 150)
        await store.shutdown()
        try await server.stop()
    }

    @Test func `a large database that may have lost an index is searched in the background`() async throws {
        let store = try await filled()
        try await share()
        try await server.run("CONFIG", "SET", "maxmemory", "1gb")
        try await server.run("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
        try await server.run("DEL", "{test}:q", "{test}:x")
        try await server.run("CONFIG", "RESETSTAT")
        try await store.removeAll(holding: .seconds(60))
        try await eventually { try await remains() == 0 }
        try await eventually { try await calls(of: "scan") > 300 }
        // An entry that is stored meanwhile stays.
        let asked = try #require(store.now).advanced(by: .seconds(5))
        try await store.removeAll(holding: .seconds(60))
        try await store.setEntry(Sample.entry(1), for: Sample.key(1), asked: asked, before: nil)
        try await eventually { try await calls(of: "scan") > 700 }
        #expect(try await store.entry(for: Sample.key(1))?.value == Sample.value(1))
        try await store.removeAll()
        await store.shutdown()
        await #expect(throws: StoreError.self) { try await store.removeAll() }
    }
}
