/// A store within this process, for values of any type.
///
/// Expired entries are found and the oldest are evicted in constant time; lookups of different keys don't
/// contend. Nothing is copied, encoded or written anywhere, and everything is gone when the process ends.
///
/// ```swift
/// let store = try MemoryStore<String>(capacity: 1_000)
/// try await store.setEntry(CacheEntry("value", expiry: .distantFuture), for: key)
/// ```
public struct MemoryStore<Value: Sendable>: Sendable {
    /// What the core keeps for a value.
    @usableFromInline
    final class Box: Sendable {
        @usableFromInline
        let value: Value

        @inlinable
        init(_ value: Value) { self.value = value }
    }

    @usableFromInline
    let core: MemoryCore

    /// The store's clock.
    public let clock: WallClock

    /// Makes an empty store.
    ///
    /// - Parameters:
    ///   - capacity: the largest number of live entries; `nil` for 10 000, 0 to store nothing.
    ///   - clock: the clock that expiries are read against; it is read under a lock, so it must not use the store.
    /// - Throws: ``StoreError/Code/invalidConfiguration`` if the capacity is negative or 2^32 − 1 or more.
    public init(capacity: Int? = nil, clock: WallClock = .system) throws(StoreError) {
        let capacity = capacity ?? Self.defaultCapacity
        guard capacity >= 0, capacity < Int(SlotIndex.none) else {
            let message = "`capacity` must be from 0 to \(SlotIndex.none - 1), not \(capacity)"
            throw StoreError(code: .invalidConfiguration, message: message)
        }
        core = MemoryCore(capacity: capacity, now: clock.now.millisecondsSince1970)
        self.clock = clock
    }

    /// How often an entry was moved so far in order to find what has expired.
    package var expiryMoves: Int { core.expiryMoves }

    /// The live entry for a key at a moment, for a caller that has read the clock.
    @inlinable
    package func entry(for key: CacheKey, at now: Timestamp) throws(StoreError) -> CacheEntry<Value>? {
        guard let found = try core.entry(for: key, at: now.millisecondsSince1970) else { return nil }
        // The core holds nothing but boxes made by `setEntry` below.
        let box = unsafeDowncast(found.payload, to: Box.self)
        return CacheEntry(box.value, expiry: Timestamp(millisecondsSince1970: found.expiry))
    }

    /// Stores an entry that answers no question at a moment, for a caller that has read the clock.
    @inlinable
    package func setEntry(
        _ entry: CacheEntry<Value>,
        for key: CacheKey,
        at now: Timestamp
    ) throws(StoreError) -> Int {
        try setEntry(entry, for: key, asked: nil, before: nil) { now }
    }

    @inlinable
    func setEntry(
        _ entry: CacheEntry<Value>,
        for key: CacheKey,
        asked: Timestamp?,
        before end: Timestamp?,
        readingClock clock: () -> Timestamp
    ) throws(StoreError) -> Int {
        if Value.self == [UInt8].self, let bytes = entry.value as? [UInt8],
            bytes.count > Self.maximumValueSize
        {
            throw .valueTooLarge(bytes.count)
        }
        return try core.setEntry(
            Box(entry.value),
            expiry: entry.expiry.millisecondsSince1970,
            for: key,
            asked: asked,
            before: end,
            readingClock: clock
        )
    }

    /// Removes an entry at a moment, for a caller that has read the clock.
    @discardableResult
    package func removeEntry(
        for key: CacheKey,
        holding hold: Duration,
        at now: Timestamp
    ) throws(StoreError) -> Bool {
        try core.removeEntry(for: key, holding: hold) { now }
    }

    /// Removes all entries at a moment, for a caller that has read the clock.
    package func removeAll(holding hold: Duration, at now: Timestamp) throws(StoreError) {
        try core.removeAll(holding: hold) { now }
    }
}

extension MemoryStore: CacheStore {
    @inlinable
    public func entry(for key: CacheKey) async throws -> CacheEntry<Value>? {
        try entry(for: key, at: clock.now)
    }

    public func immediateEntry(for key: CacheKey) throws -> Lookup<CacheEntry<Value>> {
        Lookup(try entry(for: key, at: clock.now))
    }

    public func entry(for key: CacheKey, within limit: Duration) async throws -> CacheEntry<Value>? {
        try entry(for: key, at: clock.now)
    }

    @inlinable
    @discardableResult
    public func setEntry(
        _ entry: CacheEntry<Value>,
        for key: CacheKey,
        asked: Timestamp?,
        before end: Timestamp?
    ) async throws -> Int {
        try setEntry(entry, for: key, asked: asked, before: end) { clock.now }
    }

    public var now: Timestamp? { clock.now }

    @discardableResult
    public func removeEntry(for key: CacheKey, holding hold: Duration) async throws -> Bool {
        try core.removeEntry(for: key, holding: hold) { clock.now }
    }

    public func removeAll(holding hold: Duration) async throws {
        try core.removeAll(holding: hold) { clock.now }
    }

    public func count() async throws -> Int {
        try core.count { clock.now }
    }

    public func capacity() async throws -> Int {
        try core.openCapacity()
    }

    public func shutdown() async {
        core.shutdown()
    }
}
