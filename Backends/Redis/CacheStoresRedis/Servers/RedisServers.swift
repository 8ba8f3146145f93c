#if Redis
import CacheStores
import CacheStoresWaiting

/// The servers behind an address: one server, the master that Sentinels name, or a cluster.
protocol RedisServers: Sendable {
    /// Starts connecting in the background.
    func start()

    /// Sends a command to the master of a slot.
    ///
    /// - Parameters:
    ///   - command: a command; its keys lie in the slot.
    ///   - slot: the slot.
    ///   - deadline: when the call times out; `nil` for the store's deadline from now.
    /// - Returns: the reply, which may be an error reply, and the connection that it came over.
    /// - Throws: `StoreError`, or `CancellationError`.
    func reply(
        to command: RedisCommand,
        in slot: RedisSlot,
        by deadline: Deadline?
    ) async throws -> (reply: RedisReply, connection: RedisConnection)

    /// The master of each slot that has a connection and is not moving.
    func masters(of slots: [RedisSlot]) -> [RedisSlot: RedisEndpoint]

    /// Waits until there is a connection to every slot's master.
    func waitUntilConnected() async throws

    /// Closes all connections, and waits for their end.
    func stop() async

    /// Closes all connections without waiting.
    func abandon()
}

extension RedisServers {
    /// Sends a command, and throws an error reply as a `StoreError`.
    func answer(
        to command: RedisCommand,
        in slot: RedisSlot,
        by deadline: Deadline? = nil
    ) async throws -> (reply: RedisReply, connection: RedisConnection) {
        let (reply, connection) = try await reply(to: command, in: slot, by: deadline)
        if case .error(let complaint) = reply {
            throw StoreError(redis: complaint, from: connection.endpoint, to: command.name)
        }
        return (reply, connection)
    }
}
#endif
