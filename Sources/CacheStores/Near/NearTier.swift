/// Keeps copies of a shared store's entries in this process, so that most lookups need not leave it.
///
/// A copy is used for the near life at the most, by a monotonic clock, so its staleness is bounded even if nothing else
/// works. If the store is an ``InvalidatingStore``, copies go as soon as another process changes
/// the entry; while that channel is down nothing is kept near. Capacity, count and order are the far store's.
///
/// ```swift
/// let store = try NearTier(over: shared, life: .seconds(5))
/// ```
public final class NearTier<Value: Sendable>: WrappingStore {
    public let wrapped: any CacheStore<Value>

    private let near: NearMemory<Value>
    private let clock: WallClock
    private let listener: InvalidationListener?

    /// Keeps copies of a store's entries.
    ///
    /// - Parameters:
    ///   - store: the far store.
    ///   - life: how long a copy is used at the most.
    ///   - capacity: how many copies are kept at the most.
    ///   - clock: the clock that the entries' expiries are read against.
    /// - Throws: ``StoreError/Code/invalidConfiguration`` if `life` or `capacity` is negative.
    public convenience init(
        over store: any CacheStore<Value>,
        life: Duration = .seconds(5),
        capacity: Int = 10_000,
        clock: WallClock = .system
    ) throws(StoreError) {
        try self.init(over: store, life: life, capacity: capacity, clock: clock, lifeClock: .monotonic)
    }

    /// Keeps copies whose life is measured by a given clock.
    package init(
        over store: any CacheStore<Value>,
        life: Duration,
        capacity: Int,
        clock: WallClock,
        lifeClock: WallClock
    ) throws(StoreError) {
        let channel = store.ability((any InvalidatingStore).self)
        near = try NearMemory(life: life, capacity: capacity, hasNotices: channel != nil, clock: lifeClock)
        wrapped = store
        self.clock = clock
        listener = channel.map { [near] in InvalidationListener(to: $0, keeping: near) }
    }

    public func entry(for key: CacheKey) async throws -> CacheEntry<Value>? {
        if let copy = near.entry(for: key, at: clock.now) { return copy }
        let ticket = near.beginFill(for: key)
        let entry = try await wrapped.entry(for: key)
        if let entry, let ticket { near.fill(entry, for: key, with: ticket, at: clock.now) }
        return entry
    }

    /// A write is not kept near: the far store may have refused it because of another process's hold.
    @discardableResult
    public func setEntry(
        _ entry: CacheEntry<Value>,
        for key: CacheKey,
        asked: Timestamp?,
        before end: Timestamp?
    ) async throws -> Int {
        near.beginWrite(key)
        defer { near.invalidate(key) }
        return try await wrapped.setEntry(entry, for: key, asked: asked, before: end)
    }

    @discardableResult
    public func removeEntry(for key: CacheKey, holding hold: Duration) async throws -> Bool {
        near.invalidate(key)
        defer { near.invalidate(key) }
        return try await wrapped.removeEntry(for: key, holding: hold)
    }

    public func removeAll(holding hold: Duration) async throws {
        near.invalidateEverything()
        defer { near.invalidateEverything() }
        try await wrapped.removeAll(holding: hold)
    }

    public func count() async throws -> Int {
        try await wrapped.count()
    }

    public func capacity() async throws -> Int {
        try await wrapped.capacity()
    }

    public func shutdown() async {
        await listener?.stop()
        near.close()
        await wrapped.shutdown()
    }
}
