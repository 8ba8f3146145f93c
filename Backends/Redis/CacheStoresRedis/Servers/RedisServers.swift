import CacheStores

/// The servers behind an address: one, a master that Sentinels know, or a cluster.
protocol RedisServers: Sendable {
    /// Begins to connect in the background.
    func start()

    /// Sends a command to the server that a slot belongs to.
    ///
    /// - Parameters:
    ///   - command: the command, whose keys lie in the slot.
    ///   - slot: the slot.
    ///   - deadline: when to give up, by the monotonic clock; `nil` for as long as usual from now.
    /// - Returns: the reply, which may be the server's complaint, and the connection that it came over.
    /// - Throws: `StoreError`, or `CancellationError`.
    func reply(
        to command: RedisCommand,
        in slot: RedisSlot,
        by deadline: Timestamp?
    ) async throws -> (reply: RedisReply, connection: RedisConnection)

    /// Where each slot's server is, as far as there is a connection and the slot is not just moving.
    func masters(of slots: [RedisSlot]) -> [RedisSlot: RedisEndpoint]

    /// Waits until every slot's server has been reached.
    func ready() async throws

    /// Closes everything, and returns when nothing is left.
    func stop() async

    /// Closes everything without waiting.
    func abandon()
}

extension RedisServers {
    /// Sends a command and takes a complaint for a failure.
    func answer(
        to command: RedisCommand,
        in slot: RedisSlot,
        by deadline: Timestamp? = nil
    ) async throws -> (reply: RedisReply, connection: RedisConnection) {
        let (reply, connection) = try await reply(to: command, in: slot, by: deadline)
        if case .error(let complaint) = reply {
            throw StoreError(redis: complaint, from: connection.endpoint, to: command.name)
        }
        return (reply, connection)
    }
}
