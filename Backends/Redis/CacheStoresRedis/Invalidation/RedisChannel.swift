#if Redis
import CacheStores
import Synchronization

/// Connections over which the masters of a store's shards send invalidations (`CLIENT TRACKING` in broadcasting mode;
/// Redis manual, "Client-side caching in Redis").
///
/// When one of the connections is lost, the channel closes the others.
final class RedisChannel: Sendable {
    /// The interval in which a master must answer.
    private static let heartbeat: Duration = .seconds(1)
    private static let name = "__redis__:invalidate"

    let masters: [RedisSlot: RedisEndpoint]
    private let namespaces: [Namespace]
    private let connections = Mutex<[RedisConnection]>([])

    init(to masters: [RedisSlot: RedisEndpoint], of namespaces: [Namespace]) {
        self.masters = masters
        self.namespaces = namespaces
    }

    /// Subscribes to every master.
    ///
    /// - Parameters:
    ///   - connector: opens the connections.
    ///   - report: receives each invalidation, on an event loop.
    /// - Throws: `StoreError` if one subscription fails; then all connections are closed.
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

    /// Waits until a connection is lost or the task is cancelled, and closes all connections.
    func waitUntilLost() async {
        await withTaskGroup { group in
            for connection in connections.withLock({ $0 }) {
                group.addTask { await connection.waitUntilClosed() }
            }
            await group.next()
            close()
        }
    }

    func close() {
        for connection in connections.withLock({ $0 }) { connection.close() }
    }

    private func track(on connection: RedisConnection) async throws {
        let identifier = try await connection.answer(to: RedisCommand("CLIENT", "ID"), as: "CLIENT ID")
            .number(from: connection.endpoint)
        let here = namespaces.filter { masters[$0.slot] == connection.endpoint }
        var arguments = ["CLIENT", "TRACKING", "ON", "REDIRECT", String(identifier), "BCAST"]
            .map { Array($0.utf8) }
        let prefixes = here.flatMap { [$0.entryPrefix, $0.removalPrefix, $0.removalOfAll, $0.markPrefix] }
        for prefix in prefixes { arguments += [Array("PREFIX".utf8), prefix] }
        _ = try await connection.answer(to: RedisCommand(arguments), as: "CLIENT TRACKING")
    }

    /// The invalidations in a message: the keys that were changed or removed, or `everything`.
    ///
    /// The key of a remembered removal reports it too. Its entry may not have existed while another process asks about the token. A
    /// mark's key reports the mark.
    private static func invalidations(in message: RedisReply, of namespaces: [Namespace]) -> [Invalidation] {
        guard let names = message.array else { return [.everything] }
        return names.map { name in
            guard let bytes = name.bytes,
                let prefix = namespaces.lazy.flatMap({ [$0.entryPrefix, $0.removalPrefix, $0.markPrefix] })
                    .first(where: { bytes.starts(with: $0) }),
                let key = CacheKey(bytes.dropFirst(prefix.count))
            else { return .everything }
            return .key(key)
        }
    }
}
#endif
