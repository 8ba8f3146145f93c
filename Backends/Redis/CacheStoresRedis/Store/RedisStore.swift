#if Redis
public import CacheStores
import CacheStoresWaiting
public import Logging

/// A store of bytes in Redis that many processes on many machines share.
///
/// Scripts inside the server keep the contract, one per write, so every process sees one order, one bound and one
/// clock: the server's. A lookup is one `GET`. All callers share one connection, and all queued commands are sent at
/// once. Without a connection every operation fails at once, while the store reconnects in the background. It follows
/// Sentinels' failovers and a cluster's slots.
///
/// Redis can't promise everything:
/// - **Memory.** Only the `maxmemory-policy` `noeviction` keeps every promise; `volatile-ttl` comes next. Another
///   policy may evict the store's indexes, since those expire too: then the bound may be exceeded for one lifetime of
///   entries, an evicted entry counts towards the capacity until its expiry, and ``removeAll(holding:)`` has to search.
///   It may also evict remembered removals, so that an older answer for a forgotten token comes back. Marks have no time
///   to live, so only `allkeys-*` evicts them; there setting one throws, unless `acceptsEvictedMarks` is true.
/// - **Loss.** A server that restarts empty has lost everything, removals and marks included. A failover may lose a
///   removal that was not replicated yet; its entry then lives until its expiry.
/// - **Backups.** An older snapshot brings back entries that were forgotten since, and loses later marks: call
///   `removeAll` (`TokenCache.forgetAll`) after restoring it, and repeat the revocations made since.
/// - **Clocks.** Expiries, removals and ``now`` go by the clock of the server that answers. A failover to a server
///   whose clock differs, a slot's move to one, and a server's clock that is set, shift these bounds by the difference;
///   more than `CacheStore.removalMargin` in the wrong direction may let an answer past a removal for
///   that long.
/// - **Clusters.** While a cluster moves a store's slot, lookups go on, and writes fail that can't wait for the end.
///
/// The cost of ``removeAll(holding:)`` depends on the store's own entries, not on other applications' keys. Entries are
/// removed through both indexes, so the loss of one hides nothing. An entry is in neither index only after an eviction,
/// or if an operator deletes both. `removeAll` searches the database for such entries (`SCAN`):
/// - up to 100 000 keys: all of them, before it returns;
/// - more keys, and the server evicts (`maxmemory` with another policy than `noeviction`), has evicted a key since it
///   started, or refuses `INFO`: about the first 100 000 before it returns, and all of them in the background, until
///   the end or the store's shutdown. Until then such an entry may be served.
///
/// Otherwise such an entry lives until its expiry. So an operator must delete all keys of a store, or none.
///
/// A user (`ACL`) must be allowed these commands, those of the scripts included, on the keys `{namespace}:*`, and
/// `{namespace+*}:*` where there are several shards:
///
/// ```
/// ACL SETUSER gate on >password ~{api}:* ~{api+*}:* &__redis__:invalidate
///   +get +mget +set +del +exists +pexpire +pttl +hget +hset +eval +evalsha
///   +zadd +zcard +zcount +zrange +zrangebyscore +zrevrange +zrem +zscan +zscore
///   +scan +dbsize +info +time +echo +ping +subscribe +client|id +client|setname +client|tracking
/// ```
///
/// `SCAN` and `DBSIZE` serve `removeAll` alone, `INFO` also marks and a warning about `maxmemory-policy`. `SUBSCRIBE`, `PING`,
/// `CLIENT ID`, `CLIENT TRACKING` and the channel serve invalidations. Sentinels need `ROLE` as well, a cluster
/// `CLUSTER SLOTS` and `ASKING`, a database other than 0 `SELECT`. Allow all of them or none: a script that ends at a
/// forbidden command keeps the changes that it made before.
///
/// ```swift
/// let store = try RedisStore("redis://cache:6379", namespace: "api", capacity: 100_000)
/// try await store.setEntry(CacheEntry(record, expiry: expiry), for: key)
/// let entry = try await store.entry(for: key)
/// await store.shutdown()
/// ```
public final class RedisStore: CacheStore {
    public typealias Value = [UInt8]

    private static let mostShards = 1_024
    /// How many steps of a large database's search, of 1 000 keys each, a removal waits for.
    private static let promptSteps = 100

    let notices: RedisNotices
    private let servers: any RedisServers
    private let shards: [RedisShard]
    private let serverTime: ServerTime
    private let strays: StraySearch
    private let storesNothing: Bool
    let deadline: Duration

    /// Makes a store, which connects in the background; does no I/O itself.
    ///
    /// - Parameters:
    ///   - address: one of the forms below. `rediss` instead of `redis` encrypts the connections. User and password,
    ///     `user:password@` before the host, must be percent-encoded.
    ///     - `redis://host[:port][/database]`: one server
    ///     - `redis+unix:///path[?db=number]`: one server, by its socket
    ///     - `redis+sentinel://host[:port],…/service[/database]`: the master that these Sentinels name
    ///     - `redis+cluster://host[:port],…`: the cluster that these nodes belong to
    ///   - namespace: the store's part of the database, 1 to 1024 bytes of any kind.
    ///   - capacity: how many live entries the store holds at most, for every process. `nil` adopts the recorded
    ///     figure, or 10 000 if there is none. With 0 this process stores nothing, and the recorded figure stays.
    ///   - shards: how many slots of a cluster the namespace uses, 1 to 1024, the same in every process. Each shard has
    ///     its part of the capacity and its own order of insertion.
    ///   - sentinelCredentials: user and password at the Sentinels; `nil` for those of the address, where a Sentinel
    ///     wants any.
    ///   - tls: the files for an encrypted connection.
    ///   - acceptsEvictedMarks: whether marks may be set although the server may evict them: under a `maxmemory-policy`
    ///     that begins with `allkeys-`, or one that it does not tell (`INFO`). Otherwise setting one throws.
    ///   - clock: the clock for expiries; by default the server's.
    ///   - deadline: how long an operation may take; greater than zero.
    ///   - logger: reports lost and new connections, and a changed capacity.
    /// - Throws: `StoreError` of code `invalidConfiguration`; its message never contains a password.
    public init(
        _ address: String,
        namespace: String,
        capacity: Int? = nil,
        shards: Int = 1,
        sentinelCredentials: RedisCredentials? = nil,
        tls: RedisTLS = RedisTLS(),
        acceptsEvictedMarks: Bool = false,
        clock: WallClock = .system,
        deadline: Duration = .seconds(2),
        logger: Logger = Logger(label: "CacheStoresRedis")
    ) throws(StoreError) {
        let capacities = try Self.capacities(of: shards, in: capacity)
        guard deadline > .zero else {
            throw StoreError(
                code: .invalidConfiguration,
                message: "`deadline` must be greater than zero, not \(deadline)"
            )
        }
        var namespaces: [Namespace] = []
        for shard in 0..<shards { namespaces.append(try Namespace(namespace, shard: shard)) }
        let standards = try Self.capacities(of: shards, in: Self.defaultCapacity)
        let policies = zip(capacities, standards).map { chosen, standard in
            RedisPolicy(chosen: chosen, standard: standard ?? 1, shardCount: shards, logger: logger)
        }
        let connector = try RedisConnector(
            RedisAddress(address),
            sentinelCredentials: sentinelCredentials,
            tls: tls,
            waitLimit: deadline
        )
        let notices = RedisNotices(connector, of: namespaces, logger: logger)
        let parts = Array(zip(namespaces, policies))
        let serverTime = ServerTime(of: namespaces.map(\.slot))
        let servers = connector.servers(of: namespaces.map(\.slot), logger: logger) { connection, slots in
            serverTime.note(try await connection.compareClocks(logger: logger), of: slots)
            try await connection.checkEviction(logger: logger)
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
        self.serverTime = serverTime
        strays = StraySearch(logger: logger)
        self.deadline = deadline
        storesNothing = capacity == 0
        self.shards = parts.map { namespace, policy in
            RedisShard(
                namespace: namespace,
                policy: policy,
                servers: servers,
                clock: clock,
                deadline: deadline,
                storesNothing: capacity == 0,
                acceptsEvictedMarks: acceptsEvictedMarks
            )
        }
        notices.follow(servers)
        servers.start()
    }

    deinit {
        strays.abandon()
        notices.abandon()
        servers.abandon()
    }

    /// Waits until there is a connection to the server, in a cluster to the master of every shard.
    ///
    /// - Throws: `StoreError` if the store was shut down, or `CancellationError`.
    public func waitUntilConnected() async throws {
        try await servers.waitUntilConnected()
    }

    public func entry(for key: CacheKey) async throws -> CacheEntry<[UInt8]>? {
        try await shard(of: key).entry(for: key, by: nil)
    }

    public func entry(for key: CacheKey, within limit: Duration) async throws -> CacheEntry<[UInt8]>? {
        try await shard(of: key).entry(for: key, by: Deadline(after: min(limit, deadline)))
    }

    @discardableResult
    public func setEntry(
        _ entry: CacheEntry<[UInt8]>,
        for key: CacheKey,
        asked: Timestamp?,
        before end: Timestamp?
    ) async throws -> Int {
        guard entry.value.count <= Self.maximumValueSize else {
            throw StoreError.valueTooLarge(entry.value.count)
        }
        return try await shard(of: key).setEntry(entry, for: key, asked: asked, before: end)
    }

    /// The server's time as this process knows it, or the injected clock's; `nil` before the first connection.
    ///
    /// The store compares the server's clock with this process's monotonic clock on connecting and every minute after
    /// that, and goes on by the last comparison without a connection. The result is about a round trip behind the
    /// server's clock, and never ahead unless that was set back since. In a cluster it is the time of the slowest
    /// master's clock, known once each master was reached. An early `asked` costs at most an answer that is not stored.
    public var now: Timestamp? { shards[0].clock.isInjected ? shards[0].clock.now : serverTime.now }

    @discardableResult
    public func removeEntry(for key: CacheKey, holding hold: Duration) async throws -> Bool {
        try await shard(of: key).removeEntry(for: key, holding: hold)
    }

    /// Removes every entry, and remembers the removal.
    ///
    /// It takes many steps, each within the deadline. It also searches the database for entries that are in no index:
    /// to the end if there are up to 100 000 keys. A larger database is searched only if the server may have evicted an
    /// index: about its first 100 000 keys before this returns, then all of them in the background.
    public func removeAll(holding hold: Duration) async throws {
        for shard in shards { try await shard.removeAll(holding: hold) }
        var unfinished: [RedisShard] = []
        let masters = servers.masters(of: shards.map(\.namespace.slot))
        var seen: Set<RedisEndpoint> = []
        for shard in shards {
            if let master = masters[shard.namespace.slot], !seen.insert(master).inserted { continue }
            guard let steps = try await shard.searchSteps(atMost: Self.promptSteps) else { continue }
            let isDone = try await shard.removeStrays(of: shards, steps: steps)
            if !isDone { unfinished.append(shard) }
        }
        guard !unfinished.isEmpty else { return }
        strays.start { [shards, unfinished] in
            for shard in unfinished { _ = try await shard.removeStrays(of: shards) }
        }
    }

    public func count() async throws -> Int {
        var count = 0
        for shard in shards { count = Self.sum(count, try await shard.count()) }
        return count
    }

    public func capacity() async throws -> Int {
        var capacity = 0
        for shard in shards { capacity = Self.sum(capacity, try await shard.capacity()) }
        return storesNothing ? 0 : capacity
    }

    public func shutdown() async {
        await strays.stop()
        await notices.stop()
        await servers.stop()
    }

    func shard(of key: CacheKey) -> RedisShard {
        shards.count == 1 ? shards[0] : shards[Self.shard(of: key, among: shards.count)]
    }

    /// The index of the shard that a key belongs to.
    package static func shard(of key: CacheKey, among count: Int) -> Int {
        Int(UInt64(littleEndian: key.words.1) % UInt64(count))
    }

    /// A sum that does not trap, since the numbers come from servers.
    private static func sum(_ left: Int, _ right: Int) -> Int {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }

    /// The shards' parts of a capacity, which differ by one at most; `nil` to adopt the recorded one.
    private static func capacities(of shards: Int, in capacity: Int?) throws(StoreError) -> [Int?] {
        guard (1...mostShards).contains(shards) else {
            let message = "`shards` must be 1 to \(mostShards), not \(shards)"
            throw StoreError(code: .invalidConfiguration, message: message)
        }
        guard let capacity, capacity != 0 else { return Array(repeating: nil, count: shards) }
        guard capacity > 0 else {
            let message = "`capacity` must be 0 or greater, not \(capacity)"
            throw StoreError(code: .invalidConfiguration, message: message)
        }
        guard capacity >= shards else {
            let message = "`capacity` must be 0 or at least the number of shards, \(shards), not \(capacity)"
            throw StoreError(code: .invalidConfiguration, message: message)
        }
        return (0..<shards).map { capacity / shards + ($0 < capacity % shards ? 1 : 0) }
    }
}
#else
#error("the product CacheStoresRedis needs the package trait \"Redis\"")
#endif
