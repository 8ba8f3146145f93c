#if Redis
import CacheStores
import CacheStoresWaiting
import Logging

/// The server for all commands: one with a fixed address, or the master that Sentinels name.
final class SingleServer: RedisServers {
    /// The age from which a connection to a replica is closed and the master is looked up again.
    private static let trial: Duration = .seconds(1)

    private let node: RedisNode
    private let sentinels: RedisSentinels?

    /// - Parameters:
    ///   - connector: opens connections.
    ///   - sentinels: what names the master; `nil` for a server with a fixed address.
    ///   - locate: returns the server's endpoint; called before every connection.
    ///   - logger: reports lost and new connections.
    ///   - check: prepares and checks a connection.
    ///   - changed: is called whenever a connection is opened or lost.
    init(
        _ connector: RedisConnector,
        behind sentinels: RedisSentinels? = nil,
        at locate: @escaping @Sendable () async throws -> RedisEndpoint,
        logger: Logger,
        check: @escaping RedisNode.Check,
        changed: @escaping @Sendable () -> Void
    ) {
        self.sentinels = sentinels
        node = RedisNode(
            connector.address.description,
            connector,
            logger: logger,
            locate: locate,
            check: { connection in
                // A Sentinel without contact to the others may still name the former master.
                if let sentinels, try await !connection.isMaster() {
                    let message = "\(connection.endpoint) is not the master of \(sentinels.service)"
                    throw StoreError(code: .unavailable, message: message)
                }
                return try await check(connection)
            },
            changed: changed
        )
    }

    func start() {
        node.start()
        sentinels?.watch { [weak node] master in
            guard let node, let connection = try? node.connection(), connection.endpoint != master else {
                return
            }
            connection.close()
        }
    }

    func reply(
        to command: RedisCommand,
        in slot: RedisSlot,
        by deadline: Deadline?
    ) async throws -> (reply: RedisReply, connection: RedisConnection) {
        let connection = try node.connection()
        let reply = try await connection.reply(to: command, by: deadline)
        if case .error(let complaint) = reply, complaint.hasPrefix("READONLY"), connection.age > Self.trial {
            // The server was the master before. Its name may lead to another server by now.
            connection.close()
        }
        return (reply, connection)
    }

    func masters(of slots: [RedisSlot]) -> [RedisSlot: RedisEndpoint] {
        guard let endpoint = try? node.connection().endpoint else { return [:] }
        return Dictionary(slots.map { ($0, endpoint) }) { first, _ in first }
    }

    func waitUntilConnected() async throws {
        try await node.waitUntilConnected()
    }

    func stop() async {
        await sentinels?.stop()
        await node.stop()
    }

    func abandon() {
        sentinels?.abandon()
        node.abandon()
    }
}

extension RedisConnection {
    /// Whether the server is a master, not a replica.
    fileprivate func isMaster() async throws -> Bool {
        let reply = try await answer(to: RedisCommand("ROLE"))
        return reply.array?.first?.bytes.map { String(decoding: $0, as: UTF8.self) } == "master"
    }
}
#endif
