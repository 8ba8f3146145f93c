import CacheStores
import Logging

/// One part of a store, whose keys lie in one slot, so that one program can keep the contract within it.
struct RedisShard: Sendable {
    private static let removalChunk = 512

    let namespace: Namespace
    let policy: RedisPolicy
    let servers: any RedisServers
    let clock: WallClock
    let storesNothing: Bool
    let shardCount: Int

    /// What is recorded, or else known, of the shard's capacity.
    func capacity() async throws -> Int? {
        let command = try RedisCommand([Array("HGET".utf8), namespace.policy, Array("capacity".utf8)])
        let recorded = try await servers.answer(to: command, in: namespace.slot).reply.integer
        return recorded.map { Int(clamping: $0) } ?? policy.known
    }

    func entry(for key: CacheKey, by deadline: Timestamp?) async throws -> CacheEntry<[UInt8]>? {
        let (reply, connection) = try await servers.reply(
            to: namespace.lookup.about(key),
            in: namespace.slot,
            by: deadline
        )
        switch reply {
        case .bytes(let bytes):
            guard let entry = RedisRecord.decode(bytes, for: key) else { return nil }
            return entry.isLive(at: now(of: connection)) ? entry : nil
        case .error(let complaint): throw StoreError(redis: complaint, from: connection.endpoint)
        default: return nil
        }
    }

    func setEntry(_ entry: CacheEntry<[UInt8]>, for key: CacheKey) async throws -> Int {
        let keys = [
            namespace.order, namespace.expiries, namespace.policy, namespace.hold(key), namespace.hold,
            namespace.entry(key), namespace.nowhere,
        ]
        let arguments = [
            now, namespace.entryPrefix, key.bytes, RedisRecord.encode(entry, for: key),
            RedisText.of(entry.expiry), policy.known.map(RedisText.of) ?? [],
            RedisText.of(storesNothing ? 1 : 0), RedisText.of(shardCount),
        ]
        return Int(clamping: try await run(RedisScripts.set, keys, arguments).integer ?? 0)
    }

    func removeEntry(for key: CacheKey, holding hold: Duration) async throws -> Bool {
        let keys = [namespace.order, namespace.expiries, namespace.hold(key), namespace.nowhere]
        let arguments = [now, namespace.entryPrefix, key.bytes, RedisText.of(hold: hold)]
        return try await run(RedisScripts.remove, keys, arguments).integer == 1
    }

    /// Removes every entry, in many steps, each within the deadline.
    func removeAll(holding hold: Duration) async throws {
        let last = try await run(
            RedisScripts.holdAll,
            [namespace.order, namespace.hold, namespace.nowhere],
            [now, [], RedisText.of(hold: hold)]
        )
        let keys = [namespace.order, namespace.expiries, namespace.nowhere]
        var isDone = false
        while !isDone {
            let arguments = [
                now, namespace.entryPrefix, last.bytes ?? [], RedisText.of(Self.removalChunk),
            ]
            isDone = try await run(RedisScripts.removeThrough, keys, arguments).integer == 1
        }
        try await removeStrays()
    }

    func count() async throws -> Int {
        Int(clamping: try await run(RedisScripts.count, [namespace.expiries], [now]).integer ?? 0)
    }

    /// Removes entries whose place in the indexes was lost, so that nobody would find them there.
    private func removeStrays() async throws {
        let pattern = RedisPattern.escaped(namespace.entryPrefix) + [UInt8(ascii: "*")]
        var cursor = Array("0".utf8)
        repeat {
            let arguments = [Array("SCAN".utf8), cursor, Array("MATCH".utf8), pattern]
            let command = try RedisCommand(arguments + [Array("COUNT".utf8), Array("1000".utf8)])
            let (answer, connection) = try await servers.answer(to: command, in: namespace.slot)
            guard let parts = answer.array, parts.count == 2, let next = parts[0].bytes,
                let found = parts[1].array
            else { throw StoreError.noAnswer(from: connection.endpoint) }
            cursor = next
            let entries = found.compactMap(\.bytes)
            guard !entries.isEmpty else { continue }
            let keys = [namespace.order, namespace.expiries, namespace.nowhere] + entries
            _ = try await run(RedisScripts.removeStray, keys, [now, namespace.entryPrefix])
        } while cursor != Array("0".utf8)
    }

    private func run(
        _ script: RedisScript,
        _ keys: [[UInt8]],
        _ arguments: [[UInt8]]
    ) async throws -> RedisReply {
        var speaker: RedisConnection?
        let reply = try await script.run(keys, arguments) { command in
            let answer = try await servers.reply(to: command, in: namespace.slot, by: nil)
            speaker = answer.connection
            return answer.reply
        }
        if case .error(let complaint) = reply, let speaker {
            throw StoreError(redis: complaint, from: speaker.endpoint)
        }
        return reply
    }

    /// The injected clock's reading; nothing where the server's own counts.
    private var now: [UInt8] { clock.isInjected ? RedisText.of(clock.now) : [] }

    /// What a server's clock shows, which drops what has expired; an injected clock it does not know.
    private func now(of connection: RedisConnection) -> Timestamp {
        clock.isInjected ? clock.now : connection.serverTime(at: clock.now)
    }
}
