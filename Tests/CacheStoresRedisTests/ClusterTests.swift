import CacheStores
import CacheStoresRedis
import CacheStoresTesting
import Synchronization
import Testing
import TokenVerificationTestSupport

/// A store on a cluster of three masters with a replica each, which takes seconds to start.
///
/// Serialized: nodes without enough CPU time take each other for dead.
@Suite(.serialized, .timeLimit(.minutes(10))) struct ClusterTests {
    private struct Fixture: StoreFixture {
        let cluster: ClusterNodes
        let shardCount: Int

        /// A client sends the time of the test's clock with each command.
        var readsClockInStep: Bool { false }

        func shard(of key: CacheKey) -> Int { RedisStore.shard(of: key, among: shardCount) }

        func open(
            _ space: String,
            capacity: Int?,
            clock: WallClock
        ) async throws -> any CacheStore<[UInt8]> {
            let store = try RedisStore(
                cluster.address,
                namespace: space,
                capacity: capacity,
                shards: shardCount,
                clock: clock,
                deadline: .seconds(30)
            )
            try await store.waitUntilConnected()
            return store
        }
    }

    private let cluster: ClusterNodes

    init() async throws {
        cluster = try await ClusterNodes()
    }

    @Test func `keeps the contract, with one shard and with four`() async throws {
        // `SharedContractTests` checks the contract with more effort on one server.
        var effort = StoreContract.Effort()
        effort.histories = 30
        effort.concurrentHistories = 100
        for shards in [1, 4] {
            let contract = StoreContract(
                of: Fixture(cluster: cluster, shardCount: shards),
                permitting: shards == 1 ? [] : [.firstInFirstOutPerShard],
                effort: effort
            )
            try await contract.verify()
            for ability in StoreContract.Ability.allCases { try await contract.verify(ability) }
        }
    }

    @Test func `spreads its shards over the masters, and refuses another number of shards`() async throws {
        let store = try Sample.store(cluster.address, capacity: 100, shards: 8)
        try await store.waitUntilConnected()
        for number in 0..<200 { try await store.setEntry(Sample.entry(number), for: Sample.key(number)) }
        #expect(try await store.count() <= 100)
        #expect(try await store.count() > 80)
        #expect(try await store.capacity() == 100)
        var busy = 0
        for node in cluster.nodes.prefix(3) where try await !node.run("DBSIZE").hasPrefix("0") { busy += 1 }
        #expect(busy > 1)
        for shards in [1, 4] {
            let other = try Sample.store(cluster.address, shards: shards)
            try await eventually {
                do {
                    _ = try await other.count()
                    return false
                } catch let error as StoreError {
                    return error.code == .incompatible
                }
            }
            await other.shutdown()
        }
        try await store.removeAll()
        #expect(try await store.count() == 0)
        await store.shutdown()
    }

    @Test(arguments: [false, true])
    func `a failover fails no login, and then there are hits again`(isKilled: Bool) async throws {
        let store = try Sample.store(cluster.address, deadline: .seconds(2))
        try await store.waitUntilConnected()
        let logins = try Logins(through: store)
        try await eventually { try await logins.areHits() }
        let slot = try await cluster.slot(ofTag: "test")
        let master = try await cluster.master(of: slot)
        let load = Task { await logins.goOn() }
        if isKilled { master.kill() } else { master.pause(true) }
        try await eventually {
            let successor = try await cluster.nodes.first { $0 !== master }?.run("CLUSTER", "SLOTS") ?? ""
            return !successor.contains("\n\(master.port)\n")
        }
        try await eventually { try await logins.areHits() }
        load.cancel()
        await load.value
        #expect(logins.failureCount == 0)
        if !isKilled { master.pause(false) }
        await store.shutdown()
    }

    @Test func `its slot may move under load`() async throws {
        let store = try Sample.store(cluster.address, capacity: 1_000)
        try await store.waitUntilConnected()
        for number in 0..<100 {
            try await store.setEntry(Sample.entry(number), for: Sample.readableKey(number))
        }
        let misses = Atomic(0)
        let load = Task {
            while !Task.isCancelled {
                for number in 0..<100 where !Task.isCancelled {
                    let entry = try? await store.entry(for: Sample.readableKey(number))
                    if entry == nil, !Task.isCancelled { misses.add(1, ordering: .relaxed) }
                }
            }
        }
        let quiet = try Sample.store(cluster.address)
        try await quiet.waitUntilConnected()
        let slot = try await cluster.slot(ofTag: "test")
        let late = Mutex<Task<Void, any Error>?>(nil)
        try await cluster.move(slot) { name in
            name.hasSuffix("0") || name.hasSuffix(":q")
        } halfway: {
            // The keys are on two nodes, and a lookup finds each.
            for number in 0..<100 {
                let entry = try await store.entry(for: Sample.readableKey(number))
                #expect(entry?.value == Sample.value(number))
            }
            // A write waits until all keys are on one node.
            late.withLock { late in
                late = Task { try await store.setEntry(Sample.entry(100), for: Sample.readableKey(100)) }
            }
            let hasty = try Sample.store(cluster.address, deadline: .milliseconds(200))
            try await hasty.waitUntilConnected()
            let error = await #expect(throws: StoreError.self) {
                try await hasty.setEntry(Sample.entry(101), for: Sample.readableKey(101))
            }
            #expect([.unavailable, .timedOut].contains(error?.code))
            await hasty.shutdown()
        }
        try await late.withLock { $0 }?.value
        load.cancel()
        await load.value
        #expect(misses.load(ordering: .relaxed) == 0)
        for handle in [store, quiet] {
            for number in 0...100 {
                let entry = try await handle.entry(for: Sample.readableKey(number))
                #expect(entry?.value == Sample.value(number))
            }
            #expect(try await handle.count() == 101)
        }
        for handle in [store, quiet] { await handle.shutdown() }
    }

    @Test func `a slot without a master is an error within the deadline`() async throws {
        let store = try Sample.store(cluster.address, deadline: .milliseconds(500))
        try await store.waitUntilConnected()
        let slot = try await cluster.slot(ofTag: "test")
        let master = try await cluster.master(of: slot)
        let survivor = try #require(cluster.nodes.prefix(3).first { $0 !== master })
        let replicas = try await survivor.run("CLUSTER", "REPLICAS", cluster.identifier(of: master))
        for node in cluster.nodes where replicas.contains(":\(node.port)@") { node.kill() }
        master.kill()
        for _ in 0..<5 {
            let start = ContinuousClock.now
            await #expect(throws: StoreError.self) { try await store.entry(for: Sample.key(1)) }
            #expect(ContinuousClock.now - start < .seconds(10), "a deadline of half a second")
        }
        try await master.start()
        await store.shutdown()
    }

    @Test func `a cluster's node addressed as a single server is a clear error, and the reverse`()
        async throws
    {
        let slot = try await cluster.slot(ofTag: "test")
        let master = try await cluster.master(of: slot)
        let stranger = try #require(cluster.nodes.prefix(3).first { $0 !== master })
        let single = try await RedisServer()
        for (address, words) in [
            (stranger.address, "cluster"), ("redis+cluster://127.0.0.1:\(single.port)", ""),
        ] {
            let store = try Sample.store(address)
            try await eventually {
                do {
                    _ = try await store.entry(for: Sample.key(1))
                    return false
                } catch let error as StoreError {
                    return error.code == .unavailable && error.description.contains(words)
                }
            }
            await store.shutdown()
        }
    }
}
