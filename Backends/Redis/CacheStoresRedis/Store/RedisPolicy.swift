#if Redis
import CacheStores
import Logging
import Synchronization

/// The figures of a shard that its server records: the capacity, and the number of shards.
final class RedisPolicy: Sendable {
    private struct State {
        var known: Int?
        var isSettled = false
    }

    let shardCount: Int
    /// The shard's capacity if none is recorded.
    let standard: Int
    private let chosen: Int?
    private let logger: Logger
    private let state: Mutex<State>

    /// - Parameters:
    ///   - chosen: the capacity that this process sets for all processes; `nil` to adopt the recorded one.
    ///   - standard: the shard's capacity if none is recorded.
    ///   - shardCount: how many shards the namespace has.
    ///   - logger: reports a changed capacity.
    init(chosen: Int?, standard: Int, shardCount: Int, logger: Logger) {
        self.chosen = chosen
        self.standard = standard
        self.shardCount = shardCount
        self.logger = logger
        state = Mutex(State(known: chosen))
    }

    /// The capacity as this process knows it, for a server that has lost it.
    var known: Int? { state.withLock(\.known) }

    /// Records the capacity, or adopts the recorded one.
    ///
    /// Only the first connection changes a recorded capacity; a later one restores a lost one.
    ///
    /// - Returns: whether that is done; `false` while a cluster moves the slot, or if the server refuses writes.
    /// - Throws: `StoreError`, of code `incompatible` if the namespace has another layout or number of shards.
    func settle(
        in namespace: Namespace,
        on connection: RedisConnection,
        clock: WallClock
    ) async throws -> Bool {
        let isFirst = state.withLock { !$0.isSettled }
        let wanted = isFirst ? chosen : known
        let arguments = [
            [], wanted.map(RedisText.of) ?? [], RedisText.of(isFirst ? 1 : 0), RedisText.of(shardCount),
        ]
        let (reply, _) = try await RedisScripts.open.run([namespace.policy], arguments) { command in
            (try await connection.reply(to: command), connection)
        }
        if case .error(let complaint) = reply {
            if RedisRedirection(complaint, from: connection.endpoint) != nil { return false }
            throw StoreError(redis: complaint, from: connection.endpoint, to: "EVALSHA")
        }
        guard let fields = reply.array, fields.count == 4 else {
            throw StoreError.unexpectedReply(from: connection.endpoint)
        }
        guard fields[0].integer == Int64(RedisScripts.layout) else {
            let message =
                "\(connection.endpoint): the namespace has layout \(fields[0].integer.map(String.init) ?? "unknown"); this release accepts \(RedisScripts.layout)"
            throw StoreError(code: .incompatible, message: message)
        }
        guard fields[3].integer == Int64(shardCount) else {
            let recorded = fields[3].integer.map(String.init) ?? "an unknown number of"
            let message =
                "\(connection.endpoint): the namespace has \(recorded) shards; `shards` must match, not \(shardCount)"
            throw StoreError(code: .incompatible, message: message)
        }
        if isFirst, let chosen, fields[1].integer != Int64(chosen) { return false }
        let isLower = learn(fields[1].integer, instead: fields[2].integer)
        // A smaller store first loses its expired entries, so that no write searches them for live ones.
        return isLower ? try await dropDead(in: namespace, on: connection, clock: clock) : true
    }

    private func dropDead(
        in namespace: Namespace,
        on connection: RedisConnection,
        clock: WallClock
    ) async throws -> Bool {
        let keys = [namespace.order, namespace.expiries, namespace.nowhere]
        var reply = RedisReply.integer(0)
        while reply.integer == 0 {
            let now = clock.isInjected ? RedisText.of(clock.now) : []
            let arguments = [now, namespace.entryPrefix, RedisText.of(512)]
            (reply, _) = try await RedisScripts.dropDead.run(keys, arguments) { command in
                (try await connection.reply(to: command), connection)
            }
        }
        return reply.integer == 1
    }

    /// Adopts the recorded capacity, and returns whether it may be lower than the former one.
    private func learn(_ capacity: Int64?, instead former: Int64?) -> Bool {
        state.withLock { state in
            state.known = capacity.map { Int(clamping: $0) } ?? state.known
            state.isSettled = true
        }
        guard let capacity else { return false }
        guard let former else { return true }
        if former != capacity {
            logger.notice(
                "the store's capacity was changed",
                metadata: ["from": "\(former)", "to": "\(capacity)"]
            )
        }
        return capacity < former
    }
}
#endif
