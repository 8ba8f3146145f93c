import CacheStores
import CacheStoresRedis
import CacheStoresSQLite
import Listening
import Logging
import TokenVerification

extension GateMonitor {
    /// Opens the store that a configuration names, and the cache over it.
    init(_ configuration: GateConfiguration, _ logger: Logger) throws(CommandFailure) {
        let parts: (cache: TokenCache, store: Store)
        do {
            parts = try Self.opened(configuration, logger)
        } catch let error as StoreError where error.code != .invalidConfiguration {
            throw .unavailable("the store can't be used: \(error.message)")
        } catch let error as StoreError {
            throw .usage("\(configuration.settings.root.origin(of: .storeAddress)): \(error.message)")
        } catch {
            throw .usage("\(error)")
        }
        self.init(cache: parts.cache, store: parts.store)
    }

    private static func opened(
        _ configuration: GateConfiguration,
        _ logger: Logger
    ) throws -> (TokenCache, Store) {
        var options = TokenCacheOptions(logger: logger)
        options.refusals.timeToLive = configuration.refusalTimeToLive
        options.stale.grace = configuration.staleGrace
        options.refresh.after = configuration.refreshAfter
        options.lifeJitter = configuration.lifeJitter
        options.deadline = configuration.requestDeadline
        options.fleet.isOn = configuration.sharing == .fleet
        options.near.life = configuration.near
        options.revocation.isOn = configuration.hasRevocationMarks
        switch configuration.store {
        case .memory:
            let capacity = configuration.capacity ?? 10_000
            let store = try MemoryStore<VerifiedToken>(capacity: capacity, clock: options.clock)
            let timeToLive = capacity == 0 ? nil : configuration.timeToLive
            let cache = try TokenCache(store: store, timeToLive: timeToLive, options: options)
            return (cache, gauge(of: store, "memory"))
        case .sqlite(let path):
            let store = try SQLiteStore(path: path, capacity: configuration.capacity, logger: logger)
            return (try cache(over: store, configuration, options), gauge(of: store, "sqlite"))
        case .redis(let place):
            let store = try RedisStore(
                place.address,
                namespace: place.namespace,
                capacity: configuration.capacity,
                shards: place.shards,
                sentinelCredentials: place.sentinelCredentials,
                tls: place.tls,
                logger: logger
            )
            return (try cache(over: store, configuration, options), gauge(of: store, "redis"))
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

    private static func gauge(of store: some CacheStore, _ kind: String) -> Store {
        Store(
            kind: kind,
            count: { @concurrent in try await store.count() },
            capacity: { @concurrent in try await store.capacity() }
        )
    }
}
