public import CacheStores
public import Logging

/// A store of bytes in Redis that many processes on many machines share.
///
/// The contract is kept inside the server, by one script per write, so every process sees one order, one bound and one
/// clock: the server's. A lookup is one `GET`. Commands of all callers go over one connection, as many at once as have
/// queued up. While the server can't be reached every operation fails at once, and a new connection is tried in the
/// background. Sentinels' failovers and a cluster's slots are followed.
///
/// What Redis can't promise: under `maxmemory` it may drop the store's own indexes, since those expire too, and then
/// the bound may be exceeded for one lifetime of entries. With `noeviction` it holds, and with `volatile-ttl`, under
/// which the indexes are the last to go. A server that is restarted empty has forgotten everything, holds included. A
/// failover may lose a removal that had not been replicated yet; its entry then lives as long as it would have. While
/// a cluster moves a store's slot, lookups go on, and writes fail that can't wait for the end.
///
/// ```swift
/// let store = try RedisStore("redis://cache:6379", namespace: "api", capacity: 100_000)
/// try await store.setEntry(CacheEntry(record, expiry: expiry), for: key)
/// let entry = try await store.entry(for: key)
/// await store.shutdown()
/// ```
public final class RedisStore: CacheStore {
    public typealias Value = [UInt8]

    let notices: RedisNotices
    private let servers: any RedisServers
    private let shards: [RedisShard]
    private let storesNothing: Bool
    private let deadline: Duration

    /// Begins to connect in the background; waits for nothing.
    ///
    /// - Parameters:
    ///   - address: one of the forms below. With `rediss` in place of `redis` connections are encrypted. User and
    ///     password, `user:password@` before the host, are percent-encoded.
    ///     - `redis://host[:port][/database]`: one server
    ///     - `redis+unix:///path[?db=number]`: one server, by its socket
    ///     - `redis+sentinel://host[:port],…/service[/database]`: the master that these Sentinels name
    ///     - `redis+cluster://host[:port],…`: the cluster that these nodes belong to
    ///   - namespace: the store's part of the database, 1 to 1024 bytes of any kind.
    ///   - capacity: how many live entries the store holds at most, for every process. `nil` adopts the recorded
    ///     figure, or 10 000 if there is none. With 0 this process stores nothing, and the record stays as it is.
    ///   - shards: over how many slots of a cluster the namespace is spread, the same number in every process. Each
    ///     shard has its part of the capacity, and is first in, first out for itself.
    ///   - tls: how an encrypted connection is verified.
    ///   - clock: what expiries are compared with; by default the server's clock.
    ///   - deadline: how long an operation may take.
    ///   - logger: where the store tells of connections that are lost and found.
    /// - Throws: `StoreError` of code `invalidConfiguration`, which never repeats a password.
    public init(
        _ address: String,
        namespace: String,
        capacity: Int? = nil,
        shards: Int = 1,
        tls: RedisTLS = RedisTLS(),
        clock: WallClock = .system,
        deadline: Duration = .seconds(2),
        logger: Logger = Logger(label: "CacheStoresRedis")
    ) throws(StoreError) {
        let capacities = try Self.capacities(of: shards, in: capacity)
        guard deadline > .zero else {
            throw StoreError(code: .invalidConfiguration, message: "a store needs time to answer")
        }
        var namespaces: [Namespace] = []
        for shard in 0..<shards { namespaces.append(try Namespace(namespace, shard: shard)) }
        let policies = capacities.map { RedisPolicy(chosen: $0, shardCount: shards, logger: logger) }
        let connector = try RedisConnector(RedisAddress(address), tls: tls, patience: deadline)
        let notices = RedisNotices(connector, prefixesOf: namespaces)
        let parts = Array(zip(namespaces, policies))
        let servers = connector.servers(of: namespaces.map(\.slot), logger: logger) { connection, slots in
            try await connection.compareClocks(logger: logger)
            var isInOrder = true
            for (namespace, policy) in parts where slots.contains(namespace.slot) {
                isInOrder = try await policy.settle(in: namespace, on: connection, clock: clock) && isInOrder
            }
            return isInOrder
        } changed: {
            notices.check()
        }
        self.notices = notices
        self.servers = servers
        self.deadline = deadline
        storesNothing = capacity == 0
        self.shards = parts.map { namespace, policy in
            RedisShard(
                namespace: namespace,
                policy: policy,
                servers: servers,
                clock: clock,
                storesNothing: capacity == 0,
                shardCount: shards
            )
        }
        notices.follow(servers)
        servers.start()
    }

    deinit {
        notices.end()
        servers.abandon()
    }

    /// Waits until the server has been reached, in a cluster the master of every shard.
    ///
    /// - Throws: `StoreError` if the store was shut down, or `CancellationError`.
    public func ready() async throws {
        try await servers.ready()
    }

    public func entry(for key: CacheKey) async throws -> CacheEntry<[UInt8]>? {
        try await shard(of: key).entry(for: key, by: nil)
    }

    @discardableResult
    public func setEntry(_ entry: CacheEntry<[UInt8]>, for key: CacheKey) async throws -> Int {
        guard entry.value.count <= Self.maximumValueSize else {
            throw StoreError.valueTooLarge(entry.value.count)
        }
        return try await shard(of: key).setEntry(entry, for: key)
    }

    @discardableResult
    public func removeEntry(for key: CacheKey, holding hold: Duration) async throws -> Bool {
        try await shard(of: key).removeEntry(for: key, holding: hold)
    }

    /// Removes every entry, and keeps the store empty for a while.
    ///
    /// It takes many steps, each within the deadline.
    public func removeAll(holding hold: Duration) async throws {
        for shard in shards { try await shard.removeAll(holding: hold) }
    }

    public func count() async throws -> Int {
        var count = 0
        for shard in shards { count += try await shard.count() }
        return count
    }

    public func capacity() async throws -> Int {
        var capacities: [Int?] = []
        for shard in shards { capacities.append(try await shard.capacity()) }
        guard !storesNothing else { return 0 }
        let parts = try Self.capacities(of: shards.count, in: Self.defaultCapacity)
        return zip(capacities, parts).reduce(0) { $0 + ($1.0 ?? $1.1 ?? 0) }
    }

    public func shutdown() async {
        notices.end()
        await servers.stop()
    }

    private func shard(of key: CacheKey) -> RedisShard {
        shards.count == 1 ? shards[0] : shards[Self.shard(of: key, among: shards.count)]
    }

    /// The number of the shard that a key belongs to.
    package static func shard(of key: CacheKey, among count: Int) -> Int {
        Int(UInt64(littleEndian: key.words.1) % UInt64(count))
    }

    /// The shards' parts of a capacity, which differ by one at the most; `nil` for what is recorded.
    private static func capacities(of shards: Int, in capacity: Int?) throws(StoreError) -> [Int?] {
        guard (1...Int(RedisSlot.count)).contains(shards) else {
            throw StoreError(code: .invalidConfiguration, message: "a store has 1 to 16384 shards")
        }
        guard let capacity, capacity != 0 else { return Array(repeating: nil, count: shards) }
        guard capacity > 0 else {
            throw StoreError(code: .invalidConfiguration, message: "a capacity can't be negative")
        }
        guard capacity >= shards else {
            let message = "a capacity of \(capacity) can't be divided among \(shards) shards"
            throw StoreError(code: .invalidConfiguration, message: message)
        }
        return (0..<shards).map { capacity / shards + ($0 < capacity % shards ? 1 : 0) }
    }
}

extension RedisStore: PunctualStore {
    package func entry(for key: CacheKey, within limit: Duration) async throws -> CacheEntry<[UInt8]>? {
        let end = WallClock.monotonic.now.advanced(by: min(limit, deadline))
        return try await shard(of: key).entry(for: key, by: end)
    }
}
