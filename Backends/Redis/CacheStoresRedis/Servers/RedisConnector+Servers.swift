#if Redis
import Logging

extension RedisConnector {
    /// The servers that this connector's address leads to.
    ///
    /// - Parameters:
    ///   - slots: the slots of interest.
    ///   - logger: reports lost and new connections.
    ///   - check: prepares a connection to the master of some of the slots, and checks it every minute; returns whether
    ///     everything is in order.
    ///   - changed: is called whenever a master has changed, or the connection to it.
    /// - Returns: the servers, not yet started.
    func servers(
        of slots: [RedisSlot],
        logger: Logger,
        check: @escaping @Sendable (RedisConnection, [RedisSlot]) async throws -> Bool,
        changed: @escaping @Sendable () -> Void
    ) -> any RedisServers {
        let checkOfAll: RedisNode.Check = { try await check($0, slots) }
        switch address.site {
        case .server(let endpoint):
            return SingleServer(self, at: { endpoint }, logger: logger, check: checkOfAll, changed: changed)
        case .sentinels(let endpoints, let service):
            let sentinels = RedisSentinels(endpoints, service: service, self)
            return SingleServer(
                self,
                behind: sentinels,
                at: { try await sentinels.master() },
                logger: logger,
                check: checkOfAll,
                changed: changed
            )
        case .cluster(let seeds):
            return RedisCluster(seeds, slots, self, logger: logger, check: check, changed: changed)
        }
    }
}
#endif
