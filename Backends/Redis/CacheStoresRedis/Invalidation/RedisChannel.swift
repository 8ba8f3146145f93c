import CacheStores
import Synchronization

/// Connections to the masters of a store's shards over which those tell what is changed (`CLIENT TRACKING` in
/// broadcasting mode; Redis manual, "Client-side caching in Redis").
///
/// It is lost as a whole with any one of them.
final class RedisChannel: Sendable {
    /// How often a master has to give a sign of life.
    private static let heartbeat: Duration = .seconds(1)
    private static let name = "__redis__:invalidate"

    let masters: [RedisSlot: RedisEndpoint]
    private let opened = WallClock.monotonic.now
    private let namespaces: [Namespace]
    private let connections = Mutex<[RedisConnection]>([])

    init(to masters: [RedisSlot: RedisEndpoint], of namespaces: [Namespace]) {
        self.masters = masters
        self.namespaces = namespaces
    }

    /// For how long it has been there.
    var age: Duration { opened.duration(to: WallClock.monotonic.now) }

    /// Returns when every master is listened to.
    ///
    /// - Parameters:
    ///   - connector: opens the connections.
    ///   - report: is told what changes, on an event loop.
    /// - Throws: `StoreError` if one of them can't be listened to; then nothing is left open.
    func open(_ connector: RedisConnector, _ report: @escaping @Sendable (Invalidation) -> Void) async throws
    {
        do {
            for master in Set(masters.values) {
                let connection = try await connector.connect(to: master)
                connections.withLock { $0.append(connection) }
                try await track(on: connection)
                try await connection.listen(to: Self.name, heartbeat: Self.heartbeat) {
                    [namespaces] message in
                    for invalidation in Self.invalidations(in: message, of: namespaces) {
                        report(invalidation)
                    }
                }
            }
        } catch {
            close()
            throw error
        }
    }

    /// Returns when the first of the connections is lost, or the task cancelled, and the others are closed too.
    func fallen() async {
        await withTaskCancellationHandler {
            await withTaskGroup { group in
                for connection in connections.withLock({ $0 }) {
                    group.addTask { await connection.waitUntilClosed() }
                }
                await group.next()
                close()
            }
        } onCancel: {
            close()
        }
    }

    func close() {
        for connection in connections.withLock({ $0 }) { connection.close() }
    }

    private func track(on connection: RedisConnection) async throws {
        let reply = try await connection.reply(to: RedisCommand("CLIENT", "ID"))
        if case .error(let complaint) = reply {
            throw StoreError(redis: complaint, from: connection.endpoint, to: "CLIENT ID")
        }
        guard let identifier = reply.integer else { throw StoreError.noAnswer(from: connection.endpoint) }
        let here = namespaces.filter { masters[$0.slot] == connection.endpoint }
        var arguments = ["CLIENT", "TRACKING", "ON", "REDIRECT", String(identifier), "BCAST"]
            .map { Array($0.utf8) }
        let prefixes = here.flatMap { [$0.entryPrefix, $0.holdPrefix, $0.hold] }
        for prefix in prefixes { arguments += [Array("PREFIX".utf8), prefix] }
        if case .error(let complaint) = try await connection.reply(to: RedisCommand(arguments)) {
            throw StoreError(redis: complaint, from: connection.endpoint, to: "CLIENT TRACKING")
        }
    }

    /// What a message says: the keys that were changed or removed, or nothing in particular where everything was.
    ///
    /// A removal is told by what it leaves behind, since there may have been no entry: a question may be under way.
    private static func invalidations(in message: RedisReply, of namespaces: [Namespace]) -> [Invalidation] {
        guard let names = message.array else { return [.everything] }
        return names.map { name in
            guard let bytes = name.bytes,
                let prefix = namespaces.lazy.flatMap({ [$0.entryPrefix, $0.holdPrefix] })
                    .first(where: { bytes.starts(with: $0) }),
                let key = CacheKey(bytes.dropFirst(prefix.count))
            else { return .everything }
            return .key(key)
        }
    }
}
