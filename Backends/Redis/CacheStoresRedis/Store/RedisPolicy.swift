import CacheStores
import Logging
import Synchronization

/// What a store knows of the figures that its server keeps: the capacity, and the difference of the clocks.
final class RedisPolicy: Sendable {
    private struct State {
        var known: Int?
        var isSettled = false
        var offset: Int64 = 0
    }

    private static let tolerableOffset: Int64 = 1_000

    private let chosen: Int?
    private let logger: Logger
    private let state: Mutex<State>

    /// - Parameters:
    ///   - chosen: the capacity that this process wants for all; `nil` for whatever is recorded.
    ///   - logger: where a changed capacity and clocks that differ are reported.
    init(chosen: Int?, logger: Logger) {
        self.chosen = chosen
        self.logger = logger
        state = Mutex(State(known: chosen))
    }

    /// The capacity as far as this process knows, for a server that has forgotten it.
    var known: Int? { state.withLock(\.known) }

    /// The server's time when the machine's clock shows a moment.
    func serverTime(at moment: Timestamp) -> Timestamp {
        moment.advanced(byMilliseconds: state.withLock(\.offset))
    }

    /// Records the capacity, or learns it, and compares the clocks.
    ///
    /// Only the first connection changes what others have recorded; a later one restores what was lost.
    func settle(in namespace: Namespace, on connection: RedisConnection, of server: String) async throws {
        try await compareClocks(on: connection, of: server)
        let isFirst = state.withLock { !$0.isSettled }
        let wanted = isFirst ? chosen : known
        let arguments: [[UInt8]] = [
            [], wanted.map { Array(String($0).utf8) } ?? [], Array((isFirst ? "1" : "0").utf8),
        ]
        let reply = try await RedisScripts.open.run([namespace.policy], arguments, on: connection, of: server)
        guard let fields = reply.array, fields.count >= 2 else {
            throw StoreError(code: .unavailable, message: "\(server) gave an answer that is none")
        }
        guard fields[0].integer == Int64(RedisScripts.layout) else {
            let message = "\(server): the namespace was laid out by a newer release"
            throw StoreError(code: .incompatible, message: message)
        }
        let capacity = fields[1].integer.map { Int(clamping: $0) }
        state.withLock { state in
            state.known = capacity ?? state.known
            state.isSettled = true
        }
        guard fields.count == 3, let former = fields[2].integer, let capacity, former != Int64(capacity)
        else { return }
        logger.notice(
            "the store's capacity was changed",
            metadata: ["from": "\(former)", "to": "\(capacity)"]
        )
    }

    private func compareClocks(on connection: RedisConnection, of server: String) async throws {
        let start = WallClock.system.now
        let reply = try await connection.reply(to: RedisCommand("TIME"))
        guard let fields = reply.array, fields.count == 2, let seconds = fields[0].integer,
            let microseconds = fields[1].integer, abs(seconds) < 1 << 42
        else {
            if case .error(let complaint) = reply { throw StoreError(redis: complaint, from: server) }
            throw StoreError(code: .unavailable, message: "\(server) gave an answer that is none")
        }
        let now = WallClock.system.now
        let trip = now.millisecondsSince1970 - start.millisecondsSince1970
        let offset = seconds * 1_000 + microseconds / 1_000 + trip / 2 - now.millisecondsSince1970
        state.withLock { $0.offset = offset }
        guard abs(offset) > Self.tolerableOffset else { return }
        logger.warning("the server's clock differs from ours", metadata: ["milliseconds": "\(offset)"])
    }
}
