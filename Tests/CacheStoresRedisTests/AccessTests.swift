import CacheStores
import CacheStoresRedis
import Foundation
import Synchronization
import Testing
import TokenVerificationTestSupport

/// The permissions that a store needs, and the errors when one is missing or the server refuses writes.
@Suite(.timeLimit(.minutes(10))) struct AccessTests {
    /// The list in the documentation of `RedisStore`.
    private static let commands = """
        get mget set del exists pexpire pttl hget hset zadd zcard zcount zrange zrangebyscore zrevrange zrem zscan \
        zscore scan dbsize eval evalsha time echo info ping subscribe client|id client|setname client|tracking
        """
    private static let permissions =
        ["on", ">secret", "~{test}:*", "~{test+*}:*", "&__redis__:invalidate"]
        + commands.split(separator: " ").map { "+\($0)" }

    private let server: RedisServer
    private let address: String

    init() async throws {
        server = try await RedisServer()
        address = "redis://gate:secret@127.0.0.1:\(server.port)"
    }

    private func allow(except denied: [String] = []) async throws {
        let kept = Self.permissions.filter { !denied.contains($0) }
        try await server.run(["ACL", "SETUSER", "gate", "reset"] + kept)
    }

    @Test(arguments: [1, 3], ["noeviction", "allkeys-lru"])
    func `the commands that the documentation lists suffice`(shards: Int, policy: String) async throws {
        try await server.run("CONFIG", "SET", "maxmemory-policy", policy)
        try await server.run("CONFIG", "SET", "maxmemory", "1gb")
        try await allow()
        let store = try Sample.store(address, capacity: 6, shards: shards, acceptsEvictedMarks: true)
        try await store.waitUntilConnected()
        let subscription = Subscription(to: store)
        try await eventually { !subscription.received.isEmpty }
        for number in 0..<20 {
            try await store.setEntry(Sample.entry(number), for: Sample.key(number))
        }
        #expect(try await store.count() == 6)
        #expect(try await store.capacity() == 6)
        let smaller = try Sample.store(address, capacity: 3, shards: shards)
        try await smaller.waitUntilConnected()
        try await smaller.setEntry(Sample.entry(21), for: Sample.key(21))
        await smaller.shutdown()
        #expect(try await store.entry(for: Sample.key(21))?.value == Sample.value(21))
        #expect(try await store.removeEntry(for: Sample.key(21), holding: .seconds(60)))
        let holder = LeaseHolder()
        #expect(try await store.acquireLease(for: Sample.key(1), as: holder, lasting: .seconds(5)))
        try await store.releaseLease(for: Sample.key(1), as: holder)
        let moment = try #require(store.now)
        for _ in 0..<2 {
            try await store.setMark(moment, for: Sample.key(1), until: moment.advanced(by: .seconds(60)))
        }
        #expect(try await store.marks(for: [Sample.key(1), Sample.key(2)]) == [moment, nil])
        try await server.run("DEL", "{test}:q")
        try await store.removeAll(holding: .seconds(60))
        #expect(try await store.count() == 0)
        try await eventually { subscription.received.contains(.key(Sample.key(21))) }
        #expect(!subscription.hasEnded)
        let denials = try await server.run("ACL", "LOG")
        #expect(!denials.contains("gate"), "\(denials)")
        await store.shutdown()
    }

    @Test(arguments: [
        ("get", "GET", "'get' command"), ("evalsha", "EVALSHA", "'evalsha' command"),
        ("zadd", "EVALSHA", "the script can't run this command"),
    ])
    func `an error names the command that is not permitted, and repeats the reply`(
        command: String,
        name: String,
        words: String
    ) async throws {
        try await allow()
        let store = try Sample.store(address)
        try await store.waitUntilConnected()
        try await allow(except: ["+\(command)"])
        let error = await #expect(throws: StoreError.self) {
            _ = try await store.entry(for: Sample.key(1))
            try await store.setEntry(Sample.entry(1), for: Sample.key(1))
        }
        #expect(error?.code == .accessDenied)
        let message = try #require(error?.message)
        #expect(message.contains("NOPERM") && message.contains(name) && message.contains(words), "\(message)")
        #expect(!message.contains("secret"))
        await store.shutdown()
    }

    @Test func `a namespace that is not permitted is an error of its own, not an outage`() async throws {
        try await allow(except: ["~{test}:*"])
        let store = try Sample.store(address)
        var message = ""
        try await eventually {
            do {
                _ = try await store.entry(for: Sample.key(1))
            } catch let error as StoreError where error.code == .accessDenied {
                message = error.message
                return true
            }
            return false
        }
        #expect(message.contains("access one of the keys"), "\(message)")
        await store.shutdown()
    }

    @Test func `a subscription that is not permitted is reported`() async throws {
        try await allow(except: ["+subscribe"])
        let log = LogCapture()
        let store = try RedisStore(address, namespace: "test", deadline: .seconds(20), logger: log.logger)
        try await store.waitUntilConnected()
        let subscription = Subscription(to: store)
        try await eventually { log.messages.contains { $0.contains("'subscribe' command") } }
        #expect(subscription.received.isEmpty)
        await store.shutdown()
    }

    @Test(arguments: [("MISCONF", StoreError.Code.readOnly), ("NOREPLICAS", .readOnly), ("OOM", .full)])
    func `a server that refuses writes says why, and reads go on`(
        word: String,
        code: StoreError.Code
    ) async throws {
        let server = try await RedisServer("--dbfilename", "blocked")
        let store = try Sample.store(server.address)
        try await store.waitUntilConnected()
        try await store.setEntry(Sample.entry(1), for: Sample.key(1))
        switch word {
        case "MISCONF":
            // A file can't take the place of a directory.
            let directory = URL(fileURLWithPath: server.socketPath).deletingLastPathComponent()
            try FileManager.default.createDirectory(
                at: directory.appendingPathComponent("blocked"),
                withIntermediateDirectories: false
            )
            try await server.run("CONFIG", "SET", "save", "3600 1")
            try await server.run("BGSAVE")
            try await eventually { try await server.run("INFO").contains("last_bgsave_status:err") }
        case "NOREPLICAS": try await server.run("CONFIG", "SET", "min-replicas-to-write", "1")
        default: try await server.run("CONFIG", "SET", "maxmemory", "1")
        }
        let error = await #expect(throws: StoreError.self) {
            try await store.setEntry(Sample.entry(2), for: Sample.key(2))
        }
        #expect(error?.code == code)
        #expect(error?.message.contains("(\(word))") == true, "\(String(describing: error))")
        #expect(try await store.entry(for: Sample.key(1))?.value == Sample.value(1))
        await store.shutdown()
    }

    @Test(arguments: [
        ("-OOM command not allowed when used memory > 'maxmemory'.", StoreError.Code.full),
        ("-READONLY You can't write against a read only replica.", .readOnly),
        ("-MISCONF Redis is configured to save RDB snapshots", .readOnly),
        (
            "@user_script: 6: The user executing the script can't run this command or subcommand",
            .accessDenied
        ),
    ])
    func `errors of Redis 6 that wrap another error are understood`(
        inner: String,
        code: StoreError.Code
    ) async throws {
        let greetings = Atomic(0)
        let server = try await ScriptedServer { command in
            guard command.contains("EVAL"), greetings.add(1, ordering: .relaxed).oldValue > 0 else {
                return nil
            }
            return .init(bytes: "-ERR Error running script (call to f_0123): @user_script:6: \(inner) \r\n")
        } _: {
            .init(bytes: "$-1\r\n")
        }
        let store = try Sample.store(server.address)
        try await store.waitUntilConnected()
        let error = await #expect(throws: StoreError.self) {
            try await store.setEntry(Sample.entry(1), for: Sample.key(1))
        }
        #expect(error?.code == code)
        await store.shutdown()
        try await server.stop()
    }
}
