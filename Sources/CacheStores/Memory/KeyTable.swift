/// Where the slot of a key is: a hash table with open addressing, specialised for digests.
///
/// A bucket holds a slot's number and 32 bits of the key's hash, so that a probe seldom leaves the table. The
/// table owns its buckets; the slab belongs to the store.
///
/// `@unchecked`: the table alone has a pointer to the buckets.
struct KeyTable: ~Copyable, @unchecked Sendable {
    private static let emptyBucket = UInt64.max

    private var buckets: UnsafeMutablePointer<UInt64>
    private var mask: Int
    private var count = 0

    /// Where the slots are whose numbers the table holds.
    private(set) var slab: Slab

    /// Whether the store was shut down.
    var isClosed = false

    init(slab: Slab) {
        self.slab = slab
        mask = 15
        buckets = Self.makeBuckets(16)
    }

    deinit {
        buckets.deallocate()
    }

    /// The number of a key's slot, or `none`.
    func find(_ key: CacheKey, tag: UInt32) -> SlotIndex {
        var position = Int(tag) & mask
        while true {
            let bucket = buckets[position]
            if bucket == Self.emptyBucket { return .none }
            if UInt32(truncatingIfNeeded: bucket >> 32) == tag {
                let index = SlotIndex(truncatingIfNeeded: bucket)
                if slab.slot(index).pointee.key == key { return index }
            }
            position = (position + 1) & mask
        }
    }

    /// Enters a slot whose key is not in the table.
    mutating func insert(_ index: SlotIndex, tag: UInt32) {
        if (count + 1) * 4 > (mask + 1) * 3 { grow() }
        place(UInt64(tag) << 32 | UInt64(index))
        count += 1
    }

    /// Takes a slot out that is in the table, and closes the gap so that no probe breaks off early.
    mutating func remove(_ index: SlotIndex, tag: UInt32) {
        let wanted = UInt64(tag) << 32 | UInt64(index)
        var gap = Int(tag) & mask
        while buckets[gap] != wanted { gap = (gap + 1) & mask }
        var position = gap
        while true {
            position = (position + 1) & mask
            let bucket = buckets[position]
            if bucket == Self.emptyBucket { break }
            let home = Int(bucket >> 32) & mask
            // The bucket may move into the gap only if that does not put it before its home.
            if (position - home) & mask >= (position - gap) & mask {
                buckets[gap] = bucket
                gap = position
            }
        }
        buckets[gap] = Self.emptyBucket
        count -= 1
    }

    /// Empties the table and points it at another slab.
    mutating func reset(to slab: Slab) {
        self.slab = slab
        buckets.deallocate()
        mask = 15
        count = 0
        buckets = Self.makeBuckets(16)
    }

    private mutating func grow() {
        let old = buckets
        let oldSize = mask + 1
        mask = oldSize * 2 - 1
        buckets = Self.makeBuckets(oldSize * 2)
        for position in 0..<oldSize where old[position] != Self.emptyBucket { place(old[position]) }
        old.deallocate()
    }

    private func place(_ bucket: UInt64) {
        var position = Int(bucket >> 32) & mask
        while buckets[position] != Self.emptyBucket { position = (position + 1) & mask }
        buckets[position] = bucket
    }

    private static func makeBuckets(_ size: Int) -> UnsafeMutablePointer<UInt64> {
        let buckets = UnsafeMutablePointer<UInt64>.allocate(capacity: size)
        buckets.initialize(repeating: emptyBucket, count: size)
        return buckets
    }
}
