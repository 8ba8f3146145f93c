import CacheStores
import CacheStoresRedis
import Testing
import TokenVerificationTestSupport

/// Removals and late writes, by a real server's clock.
@Suite(.timeLimit(.minutes(10))) struct RemovalTests {
    private let server: RedisServer
    private let key: CacheKey

    init() async throws {
        server = try await RedisServer()
        key = try Sample.readableKey(1)
    }

    private func ready(_ address: String? = nil) async throws -> RedisStore {
        let store = try Sample.store(address ?? server.address)
        try await store.waitUntilConnected()
        return store
    }

    private func isStored() async throws -> Bool {
        try await server.run("EXISTS", "{test}:e:" + String(decoding: key.bytes, as: UTF8.self)).contains("1")
    }

    @Test(arguments: [false, true])
    func `a write that stalls longer than the hold does not undo a removal`(
        ofEverything: Bool
    ) async throws {
        let proxy = try await DelayingProxy(to: server.port)
        let (stalled, other) = (try await ready(proxy.address), try await ready())
        let asked = try #require(stalled.now)
        let end = asked.advanced(by: .milliseconds(1_500))
        proxy.hold(.requests, connection: 0)
        let late = Task { [key] in
            try await stalled.setEntry(Sample.entry(1), for: key, asked: asked, before: end)
        }
        try await eventually { proxy.heldBytes > Sample.value(1).count }
        let hold: Duration = .milliseconds(1_600)
        if ofEverything {
            try await other.removeAll(holding: hold)
        } else {
            try await other.removeEntry(for: key, holding: hold)
        }
        let removed = try #require(other.now)
        // The hold has ended when the write arrives.
        try await eventually { try #require(other.now) > removed.advanced(by: hold + .milliseconds(500)) }
        proxy.release()
        #expect(try await late.value == 0)
        #expect(try await other.entry(for: key) == nil)
        #expect(try await !isStored())
        // The same connection stores a write that is in time.
        let now = try #require(stalled.now)
        try await stalled.setEntry(
            Sample.entry(2),
            for: key,
            asked: now,
            before: now.advanced(by: .seconds(60))
        )
        #expect(try await other.entry(for: key)?.value == Sample.value(2))
        await stalled.shutdown()
        await other.shutdown()
        try await proxy.stop()
    }

    @Test func `an answer to a question asked after a removal is stored during the hold`()
        async throws
    {
        let store = try await ready()
        let earlier = try #require(store.now)
        try await store.removeEntry(for: key, holding: .seconds(120))
        try await store.setEntry(Sample.entry(1), for: key, asked: earlier, before: nil)
        try await store.setEntry(Sample.entry(1), for: key)
        #expect(try await !isStored())
        // Far beyond the margin, since the clock as it is known here may lag behind the server on a slow machine.
        let asked = earlier.advanced(by: RedisStore.removalMargin + .seconds(30))
        try await store.setEntry(Sample.entry(1), for: key, asked: asked, before: nil)
        #expect(try await store.entry(for: key)?.value == Sample.value(1))
        await store.shutdown()
    }

    @Test(arguments: ["h:", "H"])
    func `a removal without a moment stops every write until its end`(kind: String) async throws {
        let store = try await ready()
        let name = "{test}:" + kind + (kind == "H" ? "" : String(decoding: key.bytes, as: UTF8.self))
        let now = try #require(store.now)
        let end = now.advanced(by: .seconds(60))
        try await server.run("SET", name, String(end.millisecondsSince1970), "PX", "3660000")
        for asked in [nil, now, end] {
            try await store.setEntry(Sample.entry(1), for: key, asked: asked, before: nil)
        }
        #expect(try await !isStored())
        // A removal keeps the later end, which counts as the moment where there is none.
        try await store.removeEntry(for: key, holding: .seconds(1))
        try await store.removeAll(holding: .seconds(1))
        #expect(
            try await server.run("GET", name).contains(
                "\(end.millisecondsSince1970) \(end.millisecondsSince1970)"
            )
        )
        try await server.run("SET", name, String(now.millisecondsSince1970 - 1), "PX", "3660000")
        try await server.run(
            "DEL",
            kind == "H" ? "{test}:h:" + String(decoding: key.bytes, as: UTF8.self) : "{test}:H"
        )
        try await store.setEntry(Sample.entry(1), for: key)
        #expect(try await isStored())
        await store.shutdown()
    }

    @Test func `a write that comes too late leaves the entry, even if its own has expired`() async throws {
        let store = try await ready()
        try await store.setEntry(Sample.entry(1), for: key)
        let now = try #require(store.now)
        let expired = CacheEntry(Sample.value(2), expiry: now.advanced(by: .seconds(-5)))
        for entry in [expired, Sample.entry(2)] {
            try await store.setEntry(entry, for: key, asked: now, before: now.advanced(by: .seconds(-1)))
        }
        #expect(try await store.entry(for: key)?.value == Sample.value(1))
        try await store.removeAll(holding: .seconds(60))
        let later = now.advanced(by: .seconds(30))
        try await store.setEntry(Sample.entry(3), for: key, asked: later, before: nil)
        for entry in [expired, Sample.entry(2)] {
            try await store.setEntry(entry, for: key, asked: now, before: nil)
        }
        #expect(try await store.entry(for: key)?.value == Sample.value(3))
        await store.shutdown()
    }
}
