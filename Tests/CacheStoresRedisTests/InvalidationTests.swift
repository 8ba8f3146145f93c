import CacheStores
import CacheStoresRedis
import Testing
import TokenVerificationTestSupport

/// The near tier of one process, and the invalidations that keep it right.
@Suite(.timeLimit(.minutes(10))) struct InvalidationTests {
    private let server: RedisServer

    init() async throws {
        server = try await RedisServer()
    }

    private func ready(_ address: String? = nil, shards: Int = 1) async throws -> RedisStore {
        let store = try Sample.store(address ?? server.address, shards: shards)
        try await store.waitUntilConnected()
        return store
    }

    /// Looks an entry up until the near tier keeps it, so that the server gets no lookup.
    private func keepNear(_ tier: NearStore, _ far: CountingStore, _ number: Int) async throws {
        try await eventually { try await !asksFar(tier, far, number) }
    }

    private func asksFar(_ tier: NearStore, _ far: CountingStore, _ number: Int) async throws -> Bool {
        let before = far.lookups
        _ = try await tier.entry(for: Sample.key(number))
        return far.lookups > before
    }

    @Test func `an entry that one process forgets or overwrites leaves the near tier of another`()
        async throws
    {
        let (mine, theirs) = (try await ready(), try await ready())
        let far = CountingStore(theirs)
        let tier = try NearStore(over: far, life: .seconds(3_600), capacity: 1_000)
        for number in 1...3 {
            try await mine.setEntry(Sample.entry(number), for: Sample.key(number))
            try await keepNear(tier, far, number)
        }
        try await mine.removeEntry(for: Sample.key(1), holding: .seconds(1))
        try await eventually { try await tier.entry(for: Sample.key(1)) == nil }
        try await mine.setEntry(Sample.entry(20), for: Sample.key(2))
        try await eventually { try await tier.entry(for: Sample.key(2))?.value == Sample.value(20) }
        #expect(try await !asksFar(tier, far, 3), "an unchanged entry stays")
        try await mine.removeAll()
        try await eventually { try await tier.entry(for: Sample.key(3)) == nil }
        await tier.shutdown()
        await mine.shutdown()
    }

    @Test func `FLUSHALL empties the near tier`() async throws {
        let far = CountingStore(try await ready())
        let tier = try NearStore(over: far, life: .seconds(3_600), capacity: 1_000)
        try await far.setEntry(Sample.entry(1), for: Sample.key(1))
        try await keepNear(tier, far, 1)
        try await server.run("FLUSHALL")
        try await eventually { try await tier.entry(for: Sample.key(1)) == nil }
        await tier.shutdown()
    }

    @Test func `while the channel is down the near tier is bypassed, and then used again`() async throws {
        let far = CountingStore(try await ready())
        let tier = try NearStore(over: far, life: .seconds(3_600), capacity: 1_000)
        try await far.setEntry(Sample.entry(1), for: Sample.key(1))
        try await keepNear(tier, far, 1)
        // A user without the permission to subscribe can still use the store.
        try await server.run("ACL", "SETUSER", "default", "resetchannels", "-subscribe")
        try await server.run("CLIENT", "KILL", "TYPE", "pubsub")
        try await eventually { try await asksFar(tier, far, 1) }
        for _ in 0..<3 { #expect(try await asksFar(tier, far, 1)) }
        try await server.run("ACL", "SETUSER", "default", "allchannels", "+subscribe")
        try await keepNear(tier, far, 1)
        await tier.shutdown()
    }

    @Test func `the channel of a silent server is closed`() async throws {
        let store = try await ready()
        let subscription = Subscription(to: store)
        try await eventually { subscription.received == [.everything] }
        server.pause(true)
        try await eventually { subscription.hasEnded }
        server.pause(false)
        await store.shutdown()
    }

    @Test func `every subscriber receives a change, and the end`() async throws {
        let store = try await ready()
        let subscriptions = [Subscription(to: store), Subscription(to: store)]
        for subscription in subscriptions {
            try await eventually { subscription.received == [.everything] }
        }
        try await store.setEntry(Sample.entry(1), for: Sample.key(1))
        for subscription in subscriptions {
            try await eventually { subscription.received == [.everything, .key(Sample.key(1))] }
        }
        #expect(try await server.run("CLIENT", "LIST", "TYPE", "pubsub").split(separator: "\n").count == 1)
        await store.shutdown()
        let late = Subscription(to: store)
        for subscription in subscriptions + [late] {
            try await eventually { subscription.hasEnded }
        }
        #expect(late.received.isEmpty)
    }

    /// Another process may ask about a token that is not stored.
    @Test(arguments: [1, 8])
    func `a removal is reported even without an entry`(shards: Int) async throws {
        let store = try await ready(shards: shards)
        let subscription = Subscription(to: store)
        try await eventually { subscription.received == [.everything] }
        try await store.removeEntry(for: Sample.key(1), holding: .seconds(1))
        try await eventually { subscription.received == [.everything, .key(Sample.key(1))] }
        try await store.removeAll(holding: .seconds(1))
        try await eventually { subscription.received.last == .everything }
        await store.shutdown()
    }

    @Test func `a channel without subscribers is closed`() async throws {
        let store = try await ready()
        let listener = Task { [store] in for await _ in store.invalidations {} }
        try await eventually { try await server.run("CLIENT", "LIST", "TYPE", "pubsub").contains("id=") }
        listener.cancel()
        await listener.value
        try await eventually { try await !server.run("CLIENT", "LIST", "TYPE", "pubsub").contains("id=") }
        await store.shutdown()
    }

    @Test func `a reply that an invalidation has overtaken is never kept near`() async throws {
        let proxy = try await DelayingProxy(to: server.port)
        let mine = try await ready()
        let theirs = try await ready(proxy.address)
        let far = CountingStore(theirs)
        let tier = try NearStore(over: far, life: .seconds(3_600), capacity: 1_000)
        let subscription = Subscription(to: theirs)
        try await mine.setEntry(Sample.entry(3), for: Sample.key(3))
        // The tier is subscribed.
        try await keepNear(tier, far, 3)
        try await mine.setEntry(Sample.entry(1), for: Sample.key(1))
        try await eventually { subscription.received.contains(.key(Sample.key(1))) }
        // The store's first connection is the one for lookups. Its replies wait while the notices pass.
        proxy.hold(connection: 0)
        let slow = Task { try await tier.entry(for: Sample.key(1))?.value }
        try await eventually { proxy.heldBytes > 0 }
        try await mine.setEntry(Sample.entry(2), for: Sample.key(1))
        try await mine.setEntry(Sample.entry(2), for: Sample.key(2))
        try await eventually { subscription.received.contains(.key(Sample.key(2))) }
        proxy.release()
        #expect(try await slow.value == Sample.value(1), "the value at the time of the lookup")
        try await eventually { try await tier.entry(for: Sample.key(1))?.value == Sample.value(2) }
        await mine.shutdown()
        await tier.shutdown()
        try await proxy.stop()
    }

    @Test func `the channel covers shards on several masters`() async throws {
        let cluster = try await ClusterNodes()
        let (mine, theirs) = (
            try await ready(cluster.address, shards: 8), try await ready(cluster.address, shards: 8)
        )
        let far = CountingStore(theirs)
        let tier = try NearStore(over: far, life: .seconds(3_600), capacity: 1_000)
        for number in 0..<30 {
            try await mine.setEntry(Sample.entry(number), for: Sample.key(number))
            try await keepNear(tier, far, number)
        }
        for number in 0..<30 { try await mine.removeEntry(for: Sample.key(number)) }
        for number in 0..<30 {
            try await eventually { try await tier.entry(for: Sample.key(number)) == nil }
        }
        await tier.shutdown()
        await mine.shutdown()
    }
}
