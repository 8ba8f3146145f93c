import CacheStores
import CacheStoresRedis
import Testing
import TokenVerificationTestSupport

/// Faults of a real server, and what the store does then.
@Suite(.timeLimit(.minutes(10))) struct FaultTests {
    private let server: RedisServer

    init() async throws {
        server = try await RedisServer()
    }

    private func ready(capacity: Int? = nil, deadline: Duration = .seconds(20)) async throws -> RedisStore {
        let store = try Sample.store(server.address, capacity: capacity, deadline: deadline)
        try await store.waitUntilConnected()
        return store
    }

    /// Stores an entry, and looks it up again.
    private func works(_ store: RedisStore, _ number: Int) async throws -> Bool {
        try await store.setEntry(Sample.entry(number), for: Sample.key(number))
        return try await store.entry(for: Sample.key(number))?.value == Sample.value(number)
    }

    @Test func `a server that comes back empty is used again, with the capacity it had`() async throws {
        let store = try await ready(capacity: 3)
        #expect(try await works(store, 1))
        server.kill()
        try await eventually { try await failure(of: store)?.code == .unavailable }
        try await server.start()
        try await eventually { try await store.entry(for: Sample.key(1)) == nil }
        for number in 2..<8 { #expect(try await works(store, number)) }
        #expect(try await store.count() == 3)
        #expect(try await server.run("HGET", "{test}:p", "capacity").contains("3"))
        await store.shutdown()
    }

    private func failure(of store: RedisStore) async throws -> StoreError? {
        do {
            _ = try await store.entry(for: Sample.key(1))
            return nil
        } catch let error as StoreError {
            return error
        }
    }

    @Test func `a store can be opened while the server is down`() async throws {
        server.kill()
        let store = try Sample.store(server.address)
        try await eventually { try await failure(of: store)?.code == .unavailable }
        try await server.start()
        try await store.waitUntilConnected()
        #expect(try await works(store, 1))
        await store.shutdown()
        #expect(try await failure(of: store)?.code == .shutDown)
    }

    @Test func `scripts that the server has lost are sent again`() async throws {
        let store = try await ready()
        #expect(try await works(store, 1))
        try await server.run("SCRIPT", "FLUSH")
        #expect(try await works(store, 2))
        await store.shutdown()
    }

    @Test func `the bound still holds after all keys are deleted`() async throws {
        let store = try await ready(capacity: 5)
        for number in 0..<9 { #expect(try await works(store, number)) }
        try await server.run("FLUSHALL")
        #expect(try await store.count() == 0)
        for number in 0..<9 { #expect(try await works(store, number)) }
        #expect(try await store.count() == 5)
        #expect(try await store.capacity() == 5)
        await store.shutdown()
    }

    @Test func `a connection that the server closes is opened again`() async throws {
        let store = try await ready()
        #expect(try await works(store, 1))
        try await server.run("CLIENT", "KILL", "TYPE", "normal")
        try await eventually { try await works(store, 2) }
        #expect(try await store.entry(for: Sample.key(1))?.value == Sample.value(1))
        await store.shutdown()
    }

    @Test func `late replies are dropped, and shift no other reply`() async throws {
        let patient = try await ready()
        for number in 0..<200 { #expect(try await works(patient, number)) }
        let store = try await ready(deadline: .milliseconds(400))
        server.pause(true)
        let errors = await withTaskGroup(of: StoreError.Code?.self) { group in
            for number in 0..<100 {
                group.addTask {
                    do {
                        _ = try await store.entry(for: Sample.key(number))
                        return nil
                    } catch {
                        return (error as? StoreError)?.code
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        server.pause(false)
        #expect(errors.count == 100)
        #expect(errors.allSatisfy { $0 == .timedOut })
        try await eventually {
            try await store.entry(for: Sample.key(150))?.value == Sample.value(150)
        }
        for number in 100..<200 {
            #expect(try await patient.entry(for: Sample.key(number))?.value == Sample.value(number))
        }
        await store.shutdown()
        await patient.shutdown()
    }

    /// The first connection gets no reply, to its login or later; only another one can serve.
    @Test(arguments: [true, false])
    func `a connection that stays silent is closed, and another one serves`(fromItsStart: Bool) async throws {
        let proxy = try await DelayingProxy(to: server.port)
        if fromItsStart { proxy.hold(connection: 0) }
        let store = try Sample.store(proxy.address, deadline: .milliseconds(300))
        if !fromItsStart {
            try await store.waitUntilConnected()
            proxy.hold(connection: 0)
        }
        await #expect(throws: StoreError.self) { try await store.entry(for: Sample.key(1)) }
        try await eventually { try await works(store, 1) }
        await store.shutdown()
        try await proxy.stop()
    }

    @Test func `a cancelled call returns at once, and shifts no other reply`() async throws {
        let proxy = try await DelayingProxy(to: server.port)
        let store = try Sample.store(proxy.address)
        try await store.waitUntilConnected()
        for number in 0..<50 { #expect(try await works(store, number)) }
        proxy.hold(connection: 0)
        let leaving = (0..<25).map { number in Task { try await store.entry(for: Sample.key(number)) } }
        // The replies are on their way before the first task is cancelled.
        try await eventually { proxy.heldBytes > 25 * Sample.value(1).count }
        let staying = (25..<50).map { number in
            Task { try await store.entry(for: Sample.key(number))?.value }
        }
        for task in leaving { task.cancel() }
        for task in leaving { await #expect(throws: CancellationError.self) { try await task.value } }
        proxy.release()
        for (number, task) in zip(25..<50, staying) { #expect(try await task.value == Sample.value(number)) }
        await store.shutdown()
        try await proxy.stop()
    }

    @Test func `ten thousand callers return once each when the connection dies`() async throws {
        let store = try await ready()
        #expect(try await works(store, 1))
        server.pause(true)
        let callers = (0..<10_000).map { _ in Task { try await store.entry(for: Sample.key(1)) } }
        let watch = Task { [server] in
            try await Task.sleep(for: .milliseconds(300))
            server.kill()
        }
        var failed = 0
        for caller in callers { if case .failure = await caller.result { failed += 1 } }
        try await watch.value
        #expect(failed == 10_000)
        await store.shutdown()
    }

    @Test(arguments: ["volatile-ttl", "volatile-lru", "allkeys-lru"])
    func `an entry that the server evicts fails no call`(policy: String) async throws {
        let store = try await ready(capacity: 100_000)
        try await server.run("CONFIG", "SET", "maxmemory-policy", policy)
        let value = [UInt8](repeating: 7, count: 1_000)
        for number in 0..<200 {
            let entry = CacheEntry(value, expiry: WallClock.system.now.advanced(by: .seconds(5)))
            try await store.setEntry(entry, for: Sample.key(number))
        }
        try await server.run("CONFIG", "SET", "maxmemory", "2mb")
        for number in 200..<3_000 {
            let entry = CacheEntry(value, expiry: WallClock.system.now.advanced(by: .seconds(5)))
            try await store.setEntry(entry, for: Sample.key(number))
        }
        try await server.run("CONFIG", "SET", "maxmemory", "0")
        // One lifetime later none of the entries counts, and the bound is exact.
        try await eventually { try await store.count() == 0 }
        let small = try await ready(capacity: 10)
        for number in 0..<50 { #expect(try await works(small, number)) }
        #expect(try await small.count() == 10)
        await store.shutdown()
        await small.shutdown()
    }

    @Test(arguments: ["q", "x", "p"])
    func `a lost index breaks the bound for one lifetime at most`(
        index: String
    ) async throws {
        let store = try await ready(capacity: 20)
        for number in 0..<20 {
            try await store.setEntry(Sample.entry(number, lasting: .seconds(1)), for: Sample.key(number))
        }
        try await server.run("DEL", "{test}:\(index)")
        for number in 10..<25 {
            try await store.setEntry(Sample.entry(number, lasting: .seconds(1)), for: Sample.key(number))
        }
        try await eventually { try await store.entry(for: Sample.key(24)) == nil }
        try await eventually { try await store.count() == 0 }
        for number in 0..<40 { #expect(try await works(store, number)) }
        #expect(try await store.count() == 20)
        for number in 0..<40 {
            #expect(try await (store.entry(for: Sample.key(number)) != nil) == (number >= 20))
        }
        await store.shutdown()
    }

    @Test func `a server without memory is a StoreError, and reads and removals go on`() async throws {
        let store = try await ready(capacity: 5)
        #expect(try await works(store, 1))
        #expect(try await works(store, 2))
        try await server.run("CONFIG", "SET", "maxmemory", "1")
        let newcomer = try await ready(capacity: 5)
        #expect(try await newcomer.entry(for: Sample.key(2))?.value == Sample.value(2))
        #expect(try await newcomer.removeEntry(for: Sample.key(2), holding: .seconds(60)))
        await newcomer.shutdown()
        let error = await #expect(throws: StoreError.self) {
            try await store.setEntry(Sample.entry(3), for: Sample.key(3))
        }
        #expect(error?.code == .full)
        #expect(try await store.entry(for: Sample.key(1))?.value == Sample.value(1))
        try await store.removeAll(holding: .seconds(60))
        #expect(try await store.entry(for: Sample.key(1)) == nil)
        try await server.run("CONFIG", "SET", "maxmemory", "0")
        for number in 1...3 { #expect(try await !works(store, number), "the removal holds all of them") }
        await store.shutdown()
    }

    @Test func `a write to a replica is a read-only error`() async throws {
        let replica = try await RedisServer("--replicaof", "127.0.0.1", String(server.port))
        let store = try await ready()
        #expect(try await works(store, 1))
        let reader = try Sample.store(replica.address)
        try await reader.waitUntilConnected()
        try await eventually { try await reader.entry(for: Sample.key(1)) != nil }
        let error = await #expect(throws: StoreError.self) {
            try await reader.setEntry(Sample.entry(2), for: Sample.key(2))
        }
        #expect(error?.code == .readOnly)
        await store.shutdown()
        await reader.shutdown()
    }
}
