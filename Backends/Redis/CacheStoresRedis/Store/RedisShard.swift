#if Redis
import CacheStores
import CacheStoresWaiting
import Logging

/// One part of a store, with all its keys in one slot, so that one script can keep the contract within it.
struct RedisShard: Sendable {
    private static let removalChunk = 512
    private static let searchChunk = 1_000
    /// The cursor that an iteration begins and ends with.
    private static let start = Array("0".utf8)

    let namespace: Namespace
    let policy: RedisPolicy
    let servers: any RedisServers
    let clock: WallClock
    let deadline: Duration
    let storesNothing: Bool
    /// Whether marks may be set where the server may evict them.
    let acceptsEvictedMarks: Bool

    /// The recorded capacity of the shard, or else the one that this process knows.
    func capacity() async throws -> Int {
        let command = try RedisCommand([Array("HGET".utf8), namespace.policy, Array("capacity".utf8)])
        let recorded = try await servers.answer(to: command, in: namespace.slot).reply.integer
        return recorded.map { Int(clamping: $0) } ?? policy.known ?? policy.standard
    }

    func entry(for key: CacheKey, by deadline: Deadline?) async throws -> CacheEntry<[UInt8]>? {
        let (reply, connection) = try await servers.reply(
            to: namespace.lookup.about(key),
            in: namespace.slot,
            by: deadline
        )
        switch reply {
        case .bytes(let bytes):
            guard let entry = RedisRecord.decode(bytes, for: key) else { return nil }
            return entry.isLive(at: now(of: connection)) ? entry : nil
        // A foreign list or set under the key is a miss.
        case .error(let complaint) where complaint.hasPrefix("WRONGTYPE"): return nil
        case .error(let complaint):
            throw StoreError(redis: complaint, from: connection.endpoint, to: "GET")
        default: return nil
        }
    }

    func setEntry(
        _ entry: CacheEntry<[UInt8]>,
        for key: CacheKey,
        asked: Timestamp?,
        before end: Timestamp?
    ) async throws -> Int {
        let keys = [
            namespace.order, namespace.expiries, namespace.policy, namespace.removal(key),
            namespace.removalOfAll,
            namespace.entry(key), namespace.nowhere,
        ]
        let arguments = [
            now, namespace.entryPrefix, key.bytes, RedisRecord.encode(entry, for: key),
            RedisText.of(entry.expiry), policy.known.map(RedisText.of) ?? [],
            RedisText.of(storesNothing ? 1 : 0), RedisText.of(policy.shardCount),
            RedisText.of(policy.standard), asked.map(RedisText.of) ?? [], end.map(RedisText.of) ?? [],
        ]
        return Int(clamping: try await number(RedisScripts.set, keys, arguments))
    }

    func removeEntry(for key: CacheKey, holding hold: Duration) async throws -> Bool {
        let keys = [namespace.order, namespace.expiries, namespace.removal(key), namespace.nowhere]
        let arguments = [now, namespace.entryPrefix, key.bytes, RedisText.of(hold)]
        return try await number(RedisScripts.remove, keys, arguments) == 1
    }

    /// Removes every entry that is in an index, in many steps, each within the deadline.
    func removeAll(holding hold: Duration) async throws {
        let last = try await text(
            RedisScripts.rememberRemovalOfAll,
            [namespace.order, namespace.removalOfAll, namespace.nowhere],
            [now, [], RedisText.of(hold)]
        )
        let keys = [namespace.order, namespace.expiries, namespace.nowhere]
        var isDone = false
        while !isDone {
            let arguments = [
                now, namespace.entryPrefix, last ?? [], RedisText.of(Self.removalChunk),
            ]
            isDone = try await number(RedisScripts.removeThrough, keys, arguments) == 1
        }
        var cursor: [UInt8]? = Self.start
        while let place = cursor {
            let arguments = [now, namespace.entryPrefix, place, RedisText.of(Self.removalChunk)]
            cursor = try await text(RedisScripts.removeUnordered, keys, arguments)
        }
    }

    func count() async throws -> Int {
        Int(clamping: try await number(RedisScripts.count, [namespace.expiries], [now]))
    }

    /// Decides how far a removal searches the server for entries that are in no index.
    ///
    /// A small database is searched to its end. The number of steps does not follow from its size: `SCAN` also visits
    /// the empty places of a hash table that was larger before.
    ///
    /// - Parameter steps: how many steps of a larger database's search the removal waits for.
    /// - Returns: how many steps to go before the removal is confirmed; `nil` if the database is large and the server
    ///   has evicted no index.
    /// - Throws: `StoreError`, or `CancellationError`.
    func searchSteps(atMost steps: Int) async throws -> Int? {
        let size = try await servers.answer(to: RedisCommand("DBSIZE"), in: namespace.slot).reply.integer
        if let size, size <= steps * Self.searchChunk { return .max }
        let (reply, _) = try await servers.reply(to: RedisCommand("INFO"), in: namespace.slot, by: nil)
        // A server that refuses `INFO` may have evicted an index.
        let mayHaveEvicted = reply.bytes.map { ServerMemory($0).mayHaveEvicted } ?? true
        return mayHaveEvicted ? steps : nil
    }

    /// Removes entries that are in no index from this shard's server, by iterating over the database's keys.
    ///
    /// - Parameters:
    ///   - shards: all shards of the store; each removes its own entries.
    ///   - limit: the number of steps after which the search stops.
    /// - Returns: whether the search reached its end.
    /// - Throws: `StoreError`, or `CancellationError`.
    func removeStrays(of shards: [RedisShard], steps limit: Int = .max) async throws -> Bool {
        var cursor = Self.start
        var server: RedisConnection?
        for _ in 0..<limit {
            let arguments = [
                Array("SCAN".utf8), cursor, Array("MATCH".utf8), namespace.everyShardsEntries,
                Array("COUNT".utf8), RedisText.of(Self.searchChunk),
            ]
            let command = try RedisCommand(arguments)
            let (answer, connection) = try await servers.answer(to: command, in: namespace.slot)
            guard let parts = answer.array, parts.count == 2, let next = parts[0].bytes,
                let found = parts[1].array
            else { throw StoreError.unexpectedReply(from: connection.endpoint) }
            // A cursor is valid on one server only.
            if let server, server !== connection { throw StoreError.lostConnection(to: server.endpoint) }
            server = connection
            let entries = found.compactMap(\.bytes)
            for shard in shards { try await shard.removeStrays(among: entries) }
            guard next != Self.start else { return true }
            cursor = next
        }
        return false
    }

    private func removeStrays(among entries: [[UInt8]]) async throws {
        let ours = entries.filter { $0.starts(with: namespace.entryPrefix) }
        guard !ours.isEmpty else { return }
        let keys = [namespace.order, namespace.expiries, namespace.nowhere] + ours
        _ = try await number(RedisScripts.removeStray, keys, [now, namespace.entryPrefix])
    }

    /// Runs a script that gives a number.
    func number(
        _ script: RedisScript,
        _ keys: [[UInt8]],
        _ arguments: [[UInt8]]
    ) async throws -> Int64 {
        let (reply, connection) = try await run(script, keys, arguments)
        return try reply.number(from: connection.endpoint)
    }

    /// Runs a script that gives a text, or nothing.
    private func text(
        _ script: RedisScript,
        _ keys: [[UInt8]],
        _ arguments: [[UInt8]]
    ) async throws -> [UInt8]? {
        let (reply, connection) = try await run(script, keys, arguments)
        return try reply.text(from: connection.endpoint)
    }

    private func run(
        _ script: RedisScript,
        _ keys: [[UInt8]],
        _ arguments: [[UInt8]]
    ) async throws -> (reply: RedisReply, connection: RedisConnection) {
        let end = Deadline(after: deadline)
        let (reply, connection) = try await script.run(keys, arguments) { command in
            try await servers.reply(to: command, in: namespace.slot, by: end)
        }
        if case .error(let complaint) = reply {
            throw StoreError(redis: complaint, from: connection.endpoint, to: "EVALSHA")
        }
        return (reply, connection)
    }

    /// The injected clock's time; empty if the server's clock counts.
    var now: [UInt8] { clock.isInjected ? RedisText.of(clock.now) : [] }

    /// The server's time, by which it drops expired keys; or the injected clock's time.
    func now(of connection: RedisConnection) -> Timestamp {
        clock.isInjected ? clock.now : connection.serverTime(at: clock.now)
    }
}
#endif
