import CacheStores
import CacheStoresRedis
import Testing
import TokenVerificationTestSupport

/// A store whose master Sentinels name, and failovers.
///
/// A start of the group takes seconds, and so does a failover.
@Suite(.timeLimit(.minutes(10))) struct SentinelTests {
    @Test(arguments: [false, true])
    func `a failover fails no login, and then there are hits again`(isKilled: Bool) async throws {
        let group = try await SentinelGroup()
        // Two Sentinels are enough, even if the first in the address is down.
        group.sentinels[0].pause(true)
        let store = try Sample.store(group.address, capacity: 50, deadline: .seconds(2))
        try await store.waitUntilConnected()
        let logins = try Logins(through: store)
        try await eventually { try await logins.areHits() }
        group.sentinels[0].pause(false)
        let load = Task { await logins.goOn() }
        if isKilled { group.master.kill() } else { group.master.pause(true) }
        try await eventually { try await group.replica.run("ROLE").contains("master") }
        try await eventually { try await logins.areHits() }
        load.cancel()
        await load.value
        #expect(logins.failureCount == 0)
        #expect(try await store.capacity() == 50)
        #expect(try await group.replica.run("HGET", "{test}:p", "capacity").contains("50"))
        if !isKilled { group.master.pause(false) }
        await store.shutdown()
    }

    @Test func `the store leaves a former master that is now a replica`() async throws {
        let group = try await SentinelGroup()
        let store = try Sample.store(group.address)
        try await store.waitUntilConnected()
        try await group.sentinels[1].run("SENTINEL", "FAILOVER", SentinelGroup.service)
        try await eventually { try await group.replica.run("ROLE").contains("master") }
        try await eventually {
            try await store.setEntry(Sample.entry(1), for: Sample.key(1))
            return try await group.replica.run("DBSIZE").contains("4")
        }
        await store.shutdown()
    }

    @Test func `Sentinels can have a user and a password of their own`() async throws {
        let master = try await RedisServer()
        try await master.run("CONFIG", "SET", "requirepass", "other")
        let configuration = """
            sentinel monitor tokens 127.0.0.1 \(master.port) 1
            sentinel auth-pass tokens other
            """
        let sentinel = try await RedisServer("--sentinel", configuration: configuration)
        try await sentinel.run("ACL", "SETUSER", "watcher", "on", ">hush", "allcommands", "allchannels")
        try await sentinel.run("ACL", "SETUSER", "default", "off")
        let address = "redis+sentinel://:other@127.0.0.1:\(sentinel.port)/tokens"
        let credentials = RedisCredentials(user: "watcher", password: "hush")
        #expect(!"\(credentials)".contains("hush"))
        let store = try RedisStore(
            address,
            namespace: "test",
            sentinelCredentials: credentials,
            deadline: .seconds(20),
            logger: Sample.logger
        )
        try await eventually { try await store.count() == 0 }
        await store.shutdown()
        let locked = try RedisStore(address, namespace: "test", deadline: .seconds(2), logger: Sample.logger)
        await #expect(throws: StoreError.self) { try await locked.count() }
        await locked.shutdown()
        #expect(throws: StoreError.self) {
            try RedisStore("redis://127.0.0.1", namespace: "test", sentinelCredentials: credentials)
        }
    }

    @Test func `an unknown service is a clear error`() async throws {
        let sentinel = try await RedisServer("--sentinel", configuration: "")
        let store = try Sample.store("redis+sentinel://127.0.0.1:\(sentinel.port)/nothing")
        try await eventually {
            do {
                _ = try await store.entry(for: Sample.key(1))
                return false
            } catch let error as StoreError {
                return error.code == .unavailable && error.description.contains("nothing")
            }
        }
        await store.shutdown()
    }
}
