import CacheStores
import CacheStoresRedis
import CacheStoresSQLite
import StoreProcesses
import Testing
import TokenVerificationTestSupport

/// Eight real processes do a hundred thousand operations on one store, and their logs have to add up.
@Suite(.serialized, .timeLimit(.minutes(20))) struct EightProcessesTests {
    private static let processCount = 8
    private static let operationsPerProcess = 13_000
    private static let capacity = 500

    private let place: TemporaryDirectory
    private let seed = UInt32.random(in: .min ... .max)

    init() throws {
        place = try TemporaryDirectory()
    }

    @Test func `keep bound and order on one file`() async throws {
        let path = "\(place.path)/cache.db"
        let evidence = try await run(on: path) { Observer(path: path) }
        let database = try RawDatabase(path)
        #expect(try database.integer("SELECT count(*) - (SELECT count FROM policy) FROM entries") == 0)
        // Every insertion has a number of its own, so those that came and did not go are the ones that are left.
        let insertions = try database.integer("SELECT seq FROM sqlite_sequence WHERE name = 'entries'")
        #expect(insertions == Int64(evidence.departureCount + Self.capacity))
        let keys = try database.texts("SELECT hex(key) FROM entries ORDER BY sequence")
        let store = try SQLiteStore(path: path, deadline: .seconds(60))
        try await expectOrder(of: keys.compactMap(Sample.number(ofKey:)), evidence, in: store)
        await store.shutdown()
    }

    @Test func `keep bound and order on one server`() async throws {
        let server = try await RedisServer()
        let indexes = ["q", "x"].map { "{\(Sample.namespace)}:\($0)" }
        let script = "return math.max(redis.call('ZCARD', KEYS[1]), redis.call('ZCARD', KEYS[2]))"
        let count = ["redis-cli", "-p", "\(server.port)", "-r", "-1", "EVAL", script, "2"] + indexes
        let evidence = try await run(on: server.address) { Observer(program: count) }
        let entries = try await server.run(
            "EVAL",
            "return #redis.call('KEYS', ARGV[1])",
            "0",
            "{\(Sample.namespace)}:e:*"
        )
        #expect(entries == "\(Self.capacity)\n")
        let list = """
            local function hex(byte) return string.format('%02x', string.byte(byte)) end
            local keys = redis.call('ZRANGE', KEYS[1], 0, -1)
            for i, key in ipairs(keys) do keys[i] = string.gsub(key, '.', hex) end
            return keys
            """
        let keys = try await server.run("EVAL", list, "1", indexes[0])
        let store = try RedisStore(server.address, namespace: Sample.namespace, deadline: .seconds(60))
        try await store.waitUntilConnected()
        let numbers = keys.split(separator: "\n").map(String.init).compactMap(Sample.number(ofKey:))
        try await expectOrder(of: numbers, evidence, in: store)
        await store.shutdown()
    }

    /// Lets all processes work while an observer counts, and gives what they logged.
    private func run(on address: String, _ observe: () -> Observer) async throws -> Evidence {
        let children = try (0..<Self.processCount).map { _ in try ChildProcess.storeProcess() }
        // Ten minutes for a call: the lock of a file is not fair, and a busy machine is slow.
        for child in children {
            #expect(try await child.ask("open \(address) \(Self.capacity) 600000") == "ok")
        }
        let observer = observe()
        defer { observer.halt() }
        let logs = children.indices.map { "\(place.path)/\($0).log" }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, child) in children.enumerated() {
                let line =
                    "work \(logs[number]) \(number) \(children.count) \(Self.operationsPerProcess) \(seed)"
                group.addTask {
                    let answer = try await child.ask(line)
                    #expect(answer == "ok")
                }
            }
            try await group.waitForAll()
        }
        let report = try await observer.stop()
        #expect(report.most == Self.capacity, "counted \(report.samples) times")
        #expect(report.samples >= 1_000)

        let evidence = try Evidence(logs: logs, capacity: Self.capacity)
        #expect(evidence.operations.count >= 100_000)
        #expect(evidence.faultyAnswers().prefix(9) == [], "seed \(seed)")
        return evidence
    }

    /// Expects the order to be one that the logs allow, and the store to evict in that order.
    private func expectOrder(
        of numbers: [Int],
        _ evidence: Evidence,
        in store: any CacheStore<[UInt8]>
    ) async throws {
        #expect(evidence.faultyOrder(of: numbers).prefix(9) == [], "seed \(seed)")
        // The evidence must also find a wrong order, or it proves nothing.
        #expect(!evidence.faultyOrder(of: numbers.reversed()).isEmpty)
        #expect(!evidence.faultyOrder(of: [0] + numbers.dropFirst()).isEmpty)
        for (index, number) in numbers.enumerated() {
            let evicted = try await store.setEntry(Sample.entry(-1 - index), for: Sample.key(-1 - index))
            #expect(evicted == 1)
            #expect(try await store.entry(for: Sample.key(number)) == nil)
            guard index + 1 < numbers.count else { break }
            #expect(try await store.entry(for: Sample.key(numbers[index + 1])) != nil)
        }
    }
}
