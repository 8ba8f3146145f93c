import Synchronization

/// A bounded map from keys to objects in exact first-in-first-out order: what a ``MemoryStore`` is made of, free
/// of generics so that it is compiled once.
///
/// Lookups lock one of sixteen shards, chosen by the key's hash. Writers lock the one ``Ledger``, and within it
/// the shards that they change, one at a time. Discarded payloads are released after the locks are open, since a release
/// may run code of the user's, such as a `deinit`.
///
/// Operations that change or count entries read the clock under the ledger's lock: an earlier reading may be older than
/// a removal that came in between.
///
/// `@unchecked`: the pointer `shards` never changes, and what it points to is guarded by the shards' own locks.
/// A slot is changed only under the ledger's lock and, while a table refers to it, under that shard's lock too.
@usableFromInline
final class MemoryCore: @unchecked Sendable {
    private static let shardBits: UInt64 = 4
    private static let shardCount = 1 << Int(shardBits)

    private let capacity: Int
    private let hash = KeyHash()
    private let shards: UnsafeMutablePointer<Shard>
    private let ledger: Mutex<Ledger>

    init(capacity: Int, now: Int64) {
        self.capacity = capacity
        let slab = Slab(capacity: capacity)
        ledger = Mutex(Ledger(slab: slab, now: now))
        shards = .allocate(capacity: Self.shardCount)
        for number in 0..<Self.shardCount { (shards + number).initialize(to: Shard(slab: slab)) }
    }

    deinit {
        ledger.withLock { $0.replaceEverything(with: $0.slab, now: 0) }.release()
        shards.deinitialize(count: Self.shardCount)
        shards.deallocate()
    }

    /// The payload and the expiry of a key's live entry.
    @usableFromInline
    func entry(for key: CacheKey, at now: Int64) throws(StoreError) -> (payload: any Payload, expiry: Int64)?
    {
        let place = hash(key)
        return try withTable(of: place) { table throws(StoreError) -> (any Payload, Int64)? in
            guard !table.isClosed else { throw .memoryStoreShutDown }
            let index = table.find(key, tag: place.tag)
            guard index != .none else { return nil }
            let slot = table.slab.slot(index)
            guard now < slot.pointee.expiry else { return nil }
            return (slot.pointee.payload.takeUnretainedValue(), slot.pointee.expiry)
        }
    }

    /// Stores a payload, unless rule 8 forbids it, and returns how many live entries were evicted.
    @usableFromInline
    func setEntry(
        _ payload: any Payload,
        expiry: Int64,
        for key: CacheKey,
        asked: Timestamp?,
        before end: Timestamp?,
        readingClock clock: () -> Timestamp
    ) throws(StoreError) -> Int {
        var discarded = Discarded()
        return try withLedger { ledger throws(StoreError) in
            let moment = clock()
            if let end, moment >= end { return 0 }
            if ledger.removals.forbidWrite(of: key, asked: asked, at: moment) { return 0 }
            let now = moment.millisecondsSince1970
            let place = hash(key)
            let index = withTable(of: place) { $0.find(key, tag: place.tag) }
            let isStorable = now < expiry && capacity > 0
            if index != .none {
                if isStorable, now < ledger.slab.slot(index).pointee.expiry {
                    let former = withTable(of: place) { _ in
                        ledger.replace(index, payload: payload, expiry: expiry)
                    }
                    discarded.take(former)
                    return 0
                }
                discarded.take(drop(index, at: place, from: &ledger))
            }
            guard isStorable else { return 0 }
            let evicted = makeRoom(in: &ledger, at: now, discarding: &discarded)
            let new = ledger.append(key: key, payload: payload, expiry: expiry)
            withTable(of: place) { $0.insert(new, tag: place.tag) }
            return evicted
        }
    }

    /// Removes an entry, remembers that, and returns whether the entry was live.
    func removeEntry(
        for key: CacheKey,
        holding hold: Duration,
        readingClock clock: () -> Timestamp
    ) throws(StoreError) -> Bool {
        var discarded = Discarded()
        return try withLedger { ledger throws(StoreError) in
            let now = clock()
            ledger.removals.remember(key, for: hold, from: now)
            let place = hash(key)
            let index = withTable(of: place) { $0.find(key, tag: place.tag) }
            guard index != .none else { return false }
            let isLive = now.millisecondsSince1970 < ledger.slab.slot(index).pointee.expiry
            discarded.take(drop(index, at: place, from: &ledger))
            return isLive
        }
    }

    func removeAll(holding hold: Duration, readingClock clock: () -> Timestamp) throws(StoreError) {
        let removed = try withLedger { ledger throws(StoreError) in
            let now = clock()
            ledger.removals.rememberEveryKey(for: hold, from: now)
            return detachEverything(from: &ledger, now: now.millisecondsSince1970)
        }
        removed.release()
    }

    /// How many entries are live; drops the others.
    func count(readingClock clock: () -> Timestamp) throws(StoreError) -> Int {
        while true {
            var discarded = Discarded()
            let live = try withLedger { ledger throws(StoreError) -> Int? in
                let now = clock().millisecondsSince1970
                return dropExpired(from: &ledger, at: now, discarding: &discarded) ? nil : ledger.count
            }
            if let live { return live }
        }
    }

    /// The largest number of live entries.
    func openCapacity() throws(StoreError) -> Int {
        try withLedger { _ throws(StoreError) in capacity }
    }

    /// How often an entry was moved in order to find what has expired.
    var expiryMoves: Int { ledger.withLock { $0.expiryMoves } }

    func withLeases<Result>(_ body: (inout Leases) -> Result) throws(StoreError) -> Result {
        try withLedger { ledger throws(StoreError) in body(&ledger.leases) }
    }

    func withMarks<Result>(_ body: (inout Marks) -> Result) throws(StoreError) -> Result {
        try withLedger { ledger throws(StoreError) in body(&ledger.marks) }
    }

    /// Drops everything; every later operation fails.
    func shutdown() {
        let removed = ledger.withLock { ledger -> DetachedEntries? in
            guard !ledger.isClosed else { return nil }
            ledger.isClosed = true
            for number in 0..<Self.shardCount { shards[number].table.withLock { $0.isClosed = true } }
            return detachEverything(from: &ledger, now: 0)
        }
        removed?.release()
    }
}

extension MemoryCore {
    private func withLedger<Result>(
        _ body: (inout Ledger) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try ledger.withLock { ledger throws(StoreError) in
            guard !ledger.isClosed else { throw .memoryStoreShutDown }
            return try body(&ledger)
        }
    }

    /// Drops up to two expired entries, else the oldest if there is no room, and returns how many were live.
    private func makeRoom(
        in ledger: inout Ledger,
        at now: Int64,
        discarding discarded: inout Discarded
    ) -> Int {
        _ = dropExpired(from: &ledger, at: now, discarding: &discarded)
        guard ledger.count >= capacity else { return 0 }
        let oldest = ledger.oldest
        discarded.take(drop(oldest, at: hash(ledger.slab.slot(oldest).pointee.key), from: &ledger))
        return 1
    }

    /// Drops up to two expired entries, and returns whether there may be more.
    private func dropExpired(
        from ledger: inout Ledger,
        at now: Int64,
        discarding discarded: inout Discarded
    ) -> Bool {
        for _ in 0..<2 {
            let index = ledger.firstExpired(at: now)
            guard index != .none else { return false }
            discarded.take(drop(index, at: hash(ledger.slab.slot(index).pointee.key), from: &ledger))
        }
        return true
    }

    private func drop(
        _ index: SlotIndex,
        at place: KeyHash.Place,
        from ledger: inout Ledger
    ) -> Unmanaged<any Payload> {
        withTable(of: place) { $0.remove(index, tag: place.tag) }
        return ledger.remove(index)
    }

    private func detachEverything(from ledger: inout Ledger, now: Int64) -> DetachedEntries {
        let empty = Slab(capacity: capacity)
        for number in 0..<Self.shardCount { shards[number].table.withLock { $0.reset(to: empty) } }
        return ledger.replaceEverything(with: empty, now: now)
    }

    private func withTable<Result, Failure: Error>(
        of place: KeyHash.Place,
        _ body: (inout KeyTable) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let number = Int(truncatingIfNeeded: place.hash >> (64 - Self.shardBits))
        return try shards[number].table.withLock { (table) throws(Failure) in try body(&table) }
    }
}
