public import CacheStores
public import Logging
import Synchronization

/// A store of bytes in a Redis server that many processes on many machines share.
///
/// The contract is kept inside the server, by one script per write, so every process sees one order, one bound and one
/// clock: the server's. A lookup is one `GET`. Commands of all callers go over one connection, as many at once as have
/// queued up. While the server can't be reached every operation fails at once, and a new connection is tried in the
/// background.
///
/// What Redis can't promise: under `maxmemory` it may drop the store's own indexes, since those expire too, and then
/// the bound may be exceeded for one lifetime of entries. With `noeviction` it holds, and with `volatile-ttl`, under
/// which the indexes are the last to go. A server that is restarted empty has forgotten everything, holds included.
///
/// ```swift
/// let store = try RedisStore("redis://cache:6379", namespace: "api", capacity: 100_000)
/// try await store.setEntry(CacheEntry(record, expiry: expiry), for: key)
/// let entry = try await store.entry(for: key)
/// await store.shutdown()
/// ```
public final class RedisStore: CacheStore {
    public typealias Value = [UInt8]

    private static let removalChunk = 512

    private let client: RedisClient
    private let namespace: Namespace
    private let clock: WallClock
    private let logger: Logger
    private let storesNothing: Bool
    private let policy: RedisPolicy

    /// Begins to connect in the background; waits for nothing.
    ///
    /// - Parameters:
    ///   - address: `redis://[[user:]password@]host[:port][/database]`, `rediss://…` for an encrypted connection, or
    ///     `redis+unix:///path[?db=number]`. User and password are percent-encoded.
    ///   - namespace: the store's part of the database, 1 to 1024 bytes of any kind.
    ///   - capacity: how many live entries the store holds at most, for every process. `nil` adopts the recorded
    ///     figure, or 10 000 if there is none. With 0 this process stores nothing, and the record stays as it is.
    ///   - tls: how an encrypted connection is verified.
    ///   - clock: what expiries are compared with; by default the server's clock.
    ///   - deadline: how long an operation may take.
    ///   - logger: where the store tells of connections that are lost and found.
    /// - Throws: `StoreError` of code `invalidConfiguration`, which never repeats a password.
    public init(
        _ address: String,
        namespace: String,
        capacity: Int? = nil,
        tls: RedisTLS = RedisTLS(),
        clock: WallClock = .system,
        deadline: Duration = .seconds(2),
        logger: Logger = Logger(label: "CacheStoresRedis")
    ) throws(StoreError) {
        guard capacity ?? 0 >= 0 else {
            throw StoreError(code: .invalidConfiguration, message: "a capacity can't be negative")
        }
        guard deadline > .zero else {
            throw StoreError(code: .invalidConfiguration, message: "a store needs time to answer")
        }
        let namespace = try Namespace(namespace)
        let connector = try RedisConnector(RedisAddress(address), tls: tls, patience: deadline)
        let client = RedisClient(connector, logger: logger)
        let policy = RedisPolicy(chosen: capacity == 0 ? nil : capacity, logger: logger)
        self.namespace = namespace
        self.clock = clock
        self.logger = logger
        self.client = client
        self.policy = policy
        storesNothing = capacity == 0
        client.start(as: "cache-stores") { connection in
            try await policy.settle(in: namespace, on: connection, of: connector.address.description)
        }
    }

    deinit {
        client.abandon()
    }

    /// Waits until the server has been reached.
    ///
    /// - Throws: `StoreError` if the store was shut down, or `CancellationError`.
    public func ready() async throws {
        try await client.ready()
    }

    public func entry(for key: CacheKey) async throws -> CacheEntry<[UInt8]>? {
        let command = try RedisCommand([Array("GET".utf8), namespace.entry(key)])
        guard case .bytes(let bytes) = try await client.reply(to: command),
            let entry = RedisRecord.decode(bytes, for: key)
        else { return nil }
        // The server drops what has expired by its own clock; an injected one it does not know.
        let now = clock.isInjected ? clock.now : policy.serverTime(at: clock.now)
        return entry.isLive(at: now) ? entry : nil
    }

    @discardableResult
    public func setEntry(_ entry: CacheEntry<[UInt8]>, for key: CacheKey) async throws -> Int {
        guard entry.value.count <= Self.maximumValueSize else {
            throw StoreError.valueTooLarge(entry.value.count)
        }
        let keys = [
            namespace.order, namespace.expiries, namespace.policy, namespace.hold(key), namespace.hold,
            namespace.entry(key),
        ]
        let arguments: [[UInt8]] = [
            now, namespace.entryPrefix, key.bytes, RedisRecord.encode(entry, for: key),
            Self.text(entry.expiry.millisecondsSince1970), policy.known.map { Self.text(Int64($0)) } ?? [],
            Self.text(storesNothing ? 1 : 0),
        ]
        return Int(clamping: try await run(RedisScripts.set, keys, arguments).integer ?? 0)
    }

    @discardableResult
    public func removeEntry(for key: CacheKey, holding hold: Duration) async throws -> Bool {
        let keys = [namespace.order, namespace.expiries, namespace.hold(key)]
        let arguments = [now, namespace.entryPrefix, key.bytes, Self.length(of: hold)]
        return try await run(RedisScripts.remove, keys, arguments).integer == 1
    }

    /// Removes every entry, and keeps the store empty for a while.
    ///
    /// It takes many steps, each within the deadline.
    public func removeAll(holding hold: Duration) async throws {
        let last = try await run(
            RedisScripts.holdAll,
            [namespace.order, namespace.hold],
            [now, [], Self.length(of: hold)]
        )
        let keys = [namespace.order, namespace.expiries]
        var isDone = false
        while !isDone {
            let arguments = [
                now, namespace.entryPrefix, last.bytes ?? [], Self.text(Int64(Self.removalChunk)),
            ]
            isDone = try await run(RedisScripts.removeThrough, keys, arguments).integer == 1
        }
        try await removeStrays()
    }

    public func count() async throws -> Int {
        Int(clamping: try await run(RedisScripts.count, [namespace.expiries], [now]).integer ?? 0)
    }

    public func capacity() async throws -> Int {
        let command = try RedisCommand([Array("HGET".utf8), namespace.policy, Array("capacity".utf8)])
        let recorded = try await client.reply(to: command).integer
        return storesNothing ? 0 : recorded.map { Int(clamping: $0) } ?? policy.known ?? Self.defaultCapacity
    }

    public func shutdown() async {
        await client.stop()
    }

    /// Removes entries whose place in the indexes was lost, so that nobody would find them there.
    private func removeStrays() async throws {
        let pattern = RedisPattern.escaped(namespace.entryPrefix) + [UInt8(ascii: "*")]
        var cursor = Array("0".utf8)
        repeat {
            let arguments = [Array("SCAN".utf8), cursor, Array("MATCH".utf8), pattern]
            let command = try RedisCommand(arguments + [Array("COUNT".utf8), Array("1000".utf8)])
            guard let answer = try await client.reply(to: command).array, answer.count == 2,
                let next = answer[0].bytes, let found = answer[1].array
            else {
                throw StoreError(code: .unavailable, message: "\(client.server) gave an answer that is none")
            }
            cursor = next
            let entries = found.compactMap(\.bytes)
            guard !entries.isEmpty else { continue }
            let keys = [namespace.order, namespace.expiries] + entries
            _ = try await run(RedisScripts.removeStray, keys, [now, namespace.entryPrefix])
        } while cursor != Array("0".utf8)
    }

    private func run(
        _ script: RedisScript,
        _ keys: [[UInt8]],
        _ arguments: [[UInt8]]
    ) async throws -> RedisReply {
        try await script.run(keys, arguments, on: client.connection(), of: client.server)
    }

    /// The injected clock's reading; nothing where the server's own counts.
    private var now: [UInt8] { clock.isInjected ? Self.text(clock.now.millisecondsSince1970) : [] }

    private static func text(_ number: Int64) -> [UInt8] { Array(String(number).utf8) }

    /// A hold in milliseconds, rounded up and never negative.
    private static func length(of hold: Duration) -> [UInt8] {
        let start = Timestamp(millisecondsSince1970: 0)
        return text(start.end(of: hold).millisecondsSince1970)
    }
}
