#if Redis
import CacheStores
import Logging
import Synchronization

extension RedisConnection {
    private static let tolerableOffset: Int64 = 1_000

    /// The server's time at a moment of this machine's clock.
    func serverTime(at moment: Timestamp) -> Timestamp {
        moment.advanced(byMilliseconds: clockOffset.load(ordering: .relaxed))
    }

    /// Compares the server's clock with this machine's, and warns if they differ by more than a second.
    ///
    /// - Returns: the time that the server shows.
    func compareClocks(logger: Logger) async throws -> ServerTime.Reading {
        let start = WallClock.system.now
        let reply = try await answer(to: RedisCommand("TIME"))
        guard let fields = reply.array, fields.count == 2, let seconds = fields[0].integer,
            let microseconds = fields[1].integer, (0..<1 << 42).contains(seconds),
            (0..<1_000_000).contains(microseconds)
        else { throw StoreError.unexpectedReply(from: endpoint) }
        let arrival = ContinuousClock.now
        let now = WallClock.system.now
        let trip = now.millisecondsSince1970 - start.millisecondsSince1970
        let shown = seconds * 1_000 + microseconds / 1_000
        let offset = shown + trip / 2 - now.millisecondsSince1970
        clockOffset.store(offset, ordering: .relaxed)
        if abs(offset) > Self.tolerableOffset {
            logger.warning(
                "the server's clock differs from this machine's by more than a second",
                metadata: ["milliseconds": "\(offset)", "server": "\(endpoint)"]
            )
        }
        return ServerTime.Reading(shown: Timestamp(millisecondsSince1970: shown), arrival: arrival)
    }

    /// Warns of a server that may evict keys that have not expired.
    func checkEviction(logger: Logger) async throws {
        guard !isEvictionChecked.exchange(true, ordering: .relaxed) else { return }
        let reply = try await reply(to: RedisCommand("INFO", "memory"))
        // A server that refuses `INFO` is not checked.
        guard let bytes = reply.bytes else { return }
        guard let policy = ServerMemory(bytes).policy, policy != "noeviction" else { return }
        // volatile-* evicts remembered removals, which are short-lived; allkeys-* also the indexes that keep the bound, and marks.
        let loss =
            policy.hasPrefix("allkeys-") ? "remembered removals, indexes and marks" : "remembered removals"
        logger.log(
            level: policy.hasPrefix("allkeys-") ? .warning : .notice,
            "without free memory the server may evict the store's \(loss); maxmemory-policy noeviction prevents that",
            metadata: ["maxmemory-policy": "\(policy)"]
        )
    }
}
#endif
