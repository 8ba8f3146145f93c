import CacheStores
import CacheStoresRedis
import CacheStoresSQLite
import Logging
import TokenVerification

extension Gate {
    /// Opens the store, and the cache over it.
    static func monitor(_ configuration: GateConfiguration, _ logger: Logger) throws -> GateMonitor {
        var options = TokenCacheOptions(logger: logger)
        options.refusals.timeToLive = configuration.refusalTimeToLive
        options.stale.grace = configuration.staleGrace
        options.fleet.isOn = configuration.sharing == .fleet
        options.near.life = configuration.near
        options.revocation.isOn = configuration.hasRevocationMarks
        switch configuration.store {
        case .memory:
            let capacity = configuration.capacity ?? 10_000
            let store = try MemoryStore<VerifiedToken>(capacity: capacity, clock: options.clock)
            let timeToLive = capacity == 0 ? nil : configuration.timeToLive
            let cache = try TokenCache(store: store, timeToLive: timeToLive, options: options)
            return monitor(of: cache, over: store, "memory")
        case .sqlite(let path):
            let store = try SQLiteStore(path: path, capacity: configuration.capacity, logger: logger)
            return monitor(of: try cache(over: store, configuration, options), over: store, "sqlite")
        case .redis(let address, let namespace):
            let store = try RedisStore(
                address,
                namespace: namespace,
                capacity: configuration.capacity,
                logger: logger
            )
            return monitor(of: try cache(over: store, configuration, options), over: store, "redis")
        }
    }

    private static func cache(
        over store: any CacheStore<[UInt8]>,
        _ configuration: GateConfiguration,
        _ options: TokenCacheOptions
    ) throws -> TokenCache {
        try TokenCache(
            store: store,
            timeToLive: configuration.timeToLive,
            sealing: configuration.sealing,
            options: options
        )
    }

    private static func monitor(
        of cache: TokenCache,
        over store: some CacheStore,
        _ kind: String
    ) -> GateMonitor {
        let gauge = GateMonitor.Store(
            kind: kind,
            count: { @concurrent in try await store.count() },
            capacity: { @concurrent in try await store.capacity() }
        )
        return GateMonitor(cache: cache, store: gauge)
    }
}
