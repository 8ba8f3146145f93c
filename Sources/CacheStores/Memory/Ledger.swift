/// The state of a store besides its key tables: the order and the expiries of its entries, and its remembered removals, leases and
/// marks.
struct Ledger: ~Copyable, Sendable {
    private(set) var slab: Slab
    private(set) var count = 0
    private(set) var oldest = SlotIndex.none
    private var newest = SlotIndex.none
    private var unused = SlotIndex.none
    private var untouched: SlotIndex = 0
    private var expiries: ExpiryQueue
    var removals = RememberedRemovals()
    var leases = Leases()
    var marks = Marks()
    var isClosed = false

    init(slab: Slab, now: Int64) {
        self.slab = slab
        expiries = ExpiryQueue(now: now)
    }

    /// Takes a slot for a new entry, at the tail.
    mutating func append(key: CacheKey, payload: any Payload, expiry: Int64) -> SlotIndex {
        let index = takeSlot()
        let slot = Slot(
            key: key,
            expiry: expiry,
            payload: .passRetained(payload),
            older: newest,
            newer: .none,
            expiryPrevious: .none,
            expiryNext: .none
        )
        slab.slot(index).initialize(to: slot)
        if newest == .none { oldest = index } else { slab.slot(newest).pointee.newer = index }
        newest = index
        count += 1
        expiries.insert(index, in: slab)
        return index
    }

    /// Gives an entry another payload and expiry, and returns the former payload.
    mutating func replace(_ index: SlotIndex, payload: any Payload, expiry: Int64) -> Unmanaged<any Payload> {
        let slot = slab.slot(index)
        let former = slot.pointee.payload
        expiries.remove(index, in: slab)
        slot.pointee.payload = .passRetained(payload)
        slot.pointee.expiry = expiry
        expiries.insert(index, in: slab)
        return former
    }

    /// Takes an entry out of the order, frees its slot and returns its payload.
    mutating func remove(_ index: SlotIndex) -> Unmanaged<any Payload> {
        expiries.remove(index, in: slab)
        let slot = slab.slot(index).pointee
        if slot.older == .none {
            oldest = slot.newer
        } else {
            slab.slot(slot.older).pointee.newer = slot.newer
        }
        if slot.newer == .none {
            newest = slot.older
        } else {
            slab.slot(slot.newer).pointee.older = slot.older
        }
        slab.slot(index).pointee.newer = unused
        unused = index
        count -= 1
        return slot.payload
    }

    /// How often an entry was moved in order to find what has expired.
    var expiryMoves: Int { expiries.moves }

    /// An entry that has expired, or `none`.
    mutating func firstExpired(at now: Int64) -> SlotIndex {
        expiries.firstExpired(at: now, in: slab)
    }

    /// Hands over all entries and starts again with an empty slab; remembered removals stay.
    mutating func replaceEverything(with empty: Slab, now: Int64) -> DetachedEntries {
        let detached = DetachedEntries(slab: slab, oldest: oldest)
        slab = empty
        count = 0
        (oldest, newest, unused, untouched) = (.none, .none, .none, 0)
        expiries = ExpiryQueue(now: now)
        return detached
    }

    private mutating func takeSlot() -> SlotIndex {
        guard unused == .none else {
            defer { unused = slab.slot(unused).pointee.newer }
            return unused
        }
        slab.prepareSlot(untouched)
        defer { untouched += 1 }
        return untouched
    }
}
