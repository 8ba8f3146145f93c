public import CacheStores
public import Logging

/// A store of bytes in Redis that many processes on many machines share.
///
/// The contract is kept inside the server, by one script per write, so every process sees one order, one bound and one
/// clock: the server's. A lookup is one `GET`. Commands of all callers go over one connection, as many at once as have
/// queued up. While the server can't be reached every operation fails at once, and a new connection is tried in the
/// background. Sentinels' failovers and a cluster's slots are followed.
///
/// Redis can't promise everything:
/// - **Memory.** Only `noeviction` keeps every promise; `volatile-ttl` comes next. Under another `maxmemory-policy` the
///   server may evict the store's indexes, since those expire too: then the bound may be exceeded for one lifetime of
///   entries, what it evicts of the entries counts towards the capacity as long as they would have lived, and
///   ``removeAll(holding:)`` has to search. It may evict remembered removals and marks too, so that an answer that was on
///   its way when a token was forgotten comes back, or one of a subject that was.
/// - **Loss.** A server that is restarted empty has forgotten everything, removals and marks included. A failover may
///   lose a removal that had not been replicated yet; its entry then lives as long as it would have.
/// - **Backups.** A server that is restored from an older snapshot brings back entries that were forgotten since, and
///   forgets marks: call `removeAll` (`TokenCache.forgetAll`) after restoring, and revoke again what was revoked since.
/// - **Clocks.** Expiries, removals and ``now`` go by the clock of the server that answers. A failover to a server whose
///   clock differs, a slot's move to one, and a server's clock that is set, shift these bounds by the difference; more
///   than ``CacheStores/CacheStore/removalMargin`` in the wrong direction may let an answer past a removal for that long.
/// - **Clusters.** While a cluster moves a store's slot, lookups go on, and writes fail that can't wait for the end.
///
/// What ``removeAll(holding:)`` costs depends on the store's own entries, however many keys of other applications the
/// database holds. Entries are removed through both indexes, so one that is lost hides nothing. An entry that neither
/// knows arises only where the server evicts, or where an operator deletes both. The keys of the database are gone
/// through for such entries (`SCAN`)
/// - if there are 100 000 or fewer: before the removal is confirmed;
/// - if there are more, and a `maxmemory` with another `maxmemory-policy` than `noeviction` is set, or the server has
///   evicted a key since it started, or it does not say (`INFO`): the first 100 000 before the removal is confirmed, and
///   all of them in the background, until the end is reached or the store is shut down. Until then such an entry may be
///   served.
///
/// Elsewhere such an entry stays until it expires: an operator who deletes keys of a store deletes all of them.
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
/// `SCAN`, `DBSIZE` and `INFO` are of use to `removeAll` alone; `SUBSCRIBE`, `PING`, `CLIENT ID`, `CLIENT TRACKING` and the channel to
/// notices of change. With Sentinels `ROLE` is needed as well, in a cluster `CLUSTER SLOTS` and `ASKING`, with a database
/// other than 0 `SELECT`. A script that is stopped half-way by a command that is not allowed has changed what came
/// before, so allow all of them or none.
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
    /// How many steps of a search, of 1 000 keys each, a removal waits for.
    private static let promptSteps = 100

    let notices: RedisNotices
    private let servers: any RedisServers
    private let shards: [RedisShard]
    private let serverTime: ServerTime
    private let strays: StraySearch
    private let storesNothing: Bool
    let deadline: Duration

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
        let standards = try Self.capacities(of: shards, in: Self.defaultCapacity)
        let policies = zip(capacities, standards).map { chosen, standard in
            RedisPolicy(chosen: chosen, standard: standard ?? 1, shardCount: shards, logger: logger)
        }
        let connector = try RedisConnector(RedisAddress(address), tls: tls, patience: deadline)
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
                storesNothing: capacity == 0
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
    /// The server's clock is compared with this process's on connecting and every minute from then on; what was
    /// measured is used on while there is no connection. It is about a round trip behind the server's own and never
    /// ahead, unless that was set back since. In a cluster it is the time of the shard whose master's clock is the
    /// furthest behind, and is known once each has been reached. An `asked` that is too early costs at most an answer
    /// that is not stored.
    public var now: Timestamp? { shards[0].clock.isInjected ? shards[0].clock.now : serverTime.now }

    @discardableResult
    public func removeEntry(for key: CacheKey, holding hold: Duration) async throws -> Bool {
        try await shard(of: key).removeEntry(for: key, holding: hold)
    }

    /// Removes every entry, and remembers that for a while.
    ///
    /// It takes many steps, each within the deadline. How many depends on the store's own entries: what its indexes
    /// know is removed. Besides, a database of up to 100 000 keys is gone through for entries that no index knows, and a
    /// larger one if the server may have evicted an index: its first 100 000 keys before this returns, the others in the
    /// background.
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

    /// The number of the shard that a key belongs to.
    package static func shard(of key: CacheKey, among count: Int) -> Int {
        Int(UInt64(littleEndian: key.words.1) % UInt64(count))
    }

    /// A sum of numbers that servers said, which may be anything.
    private static func sum(_ left: Int, _ right: Int) -> Int {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }

    /// The shards' parts of a capacity, which differ by one at the most; `nil` for what is recorded.
    private static func capacities(of shards: Int, in capacity: Int?) throws(StoreError) -> [Int?] {
        guard (1...mostShards).contains(shards) else {
            let message = "a store has 1 to \(mostShards) shards, not \(shards)"
            throw StoreError(code: .invalidConfiguration, message: message)
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
