public import CacheStores

/// How the kit opens the store that it tests.
///
/// A *space* is what a store keeps its data in: a namespace, a file, a table. The kit makes up a name for each
/// space that it needs, of letters, digits and hyphens, and never uses a name for two purposes, so a space is
/// empty when it is first opened. Opening a space that is open already gives a second handle on the same data,
/// as another process would have. One database may hold several spaces: rule 9 checks that neighbours
/// keep apart.
///
/// Give the store a generous deadline, such as a minute: the runs with several tasks keep a disk or a server busy,
/// and an operation that times out is reported as a violation, since no clause expects it.
///
/// ```swift
/// struct MyStoreFixture: StoreFixture {
///     let directory: String
///
///     func open(_ space: String, capacity: Int?, clock: WallClock) async throws -> any CacheStore<[UInt8]> {
///         try MyStore(path: "\(directory)/\(space).db", capacity: capacity, clock: clock)
///     }
/// }
/// ```
public protocol StoreFixture: Sendable {
    /// Opens a store; returns when it is ready for use.
    ///
    /// - Parameters:
    ///   - space: the name of what keeps the data.
    ///   - capacity: handed on to the store as it is: `nil`, zero and negative figures included.
    ///   - clock: the clock that the store reads; the kit moves it by hand, also backwards, or gives `.system`.
    /// - Returns: the opened store; the kit shuts it down.
    /// - Throws: what the store's initialiser throws.
    func open(_ space: String, capacity: Int?, clock: WallClock) async throws -> any CacheStore<[UInt8]>

    /// Deletes the data of a space whose handles have all been shut down; does nothing by default.
    func discard(_ space: String) async throws

    /// Whether opening a space twice gives two handles on the same data; `true` by default. A store that lives
    /// in one process's memory says `false`, and what the contract says of other processes is then not checked.
    var isShared: Bool { get }

    /// Whether the store sees how large a value is and refuses one that is too large; `true` by default. A
    /// store of values of any type, which have no size, says `false`.
    var measuresValues: Bool { get }

    /// Whether an operation may have to wait for another one, as for a lock on a file; as ``isShared`` by default. A
    /// caller that is cancelled while it waits must then be let go.
    var waits: Bool { get }

    /// Whether the store reads its clock in the same atomic step as it writes; `true` by default. A store whose clock
    /// is its server's has to be handed the kit's clock from outside, and says `false`.
    var readsClockInStep: Bool { get }

    /// Into how many equal shards the store divides its capacity; 1 by default. Only read where
    /// ``StoreContract/Permission/firstInFirstOutPerShard`` is granted.
    var shardCount: Int { get }

    /// The number of the shard that a key belongs to; 0 by default.
    func shard(of key: CacheKey) -> Int
}

extension StoreFixture {
    public var isShared: Bool { true }
    public var measuresValues: Bool { true }
    public var waits: Bool { isShared }
    public var readsClockInStep: Bool { true }
    public var shardCount: Int { 1 }

    public func discard(_ space: String) async throws {}
    public func shard(of key: CacheKey) -> Int { 0 }
}
