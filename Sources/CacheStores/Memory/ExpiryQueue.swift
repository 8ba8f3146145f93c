/// Finds an expired slot without scanning, in constant amortised time: a radix heap.
///
/// A slot lies in a bucket by the highest bit in which its expiry differs from `horizon`, the moment up to which
/// the queue was searched last; bucket 0 holds what expires no later than that. As time passes, the lowest
/// bucket is spread over the ones below it, so a slot moves at most once per bit. Buckets are linked through the
/// slots themselves, so any slot can be taken out at once. A clock that steps back lowers the horizon and
/// spreads the buckets in between anew.
///
/// `@unchecked`: nobody else has a pointer to the heads.
struct ExpiryQueue: ~Copyable, @unchecked Sendable {
    private static let bucketCount = 65

    /// The first slot of each bucket.
    private let heads: UnsafeMutablePointer<SlotIndex>
    /// A bit for each bucket from 1 on that is not empty.
    private var occupied: UInt64 = 0
    private var horizon: UInt64

    init(now: Int64) {
        heads = .allocate(capacity: Self.bucketCount)
        heads.initialize(repeating: .none, count: Self.bucketCount)
        horizon = Self.ordinal(now)
    }

    deinit {
        heads.deallocate()
    }

    mutating func insert(_ index: SlotIndex, in slab: Slab) {
        let slot = slab.slot(index)
        let bucket = bucket(of: Self.ordinal(slot.pointee.expiry))
        let head = heads[bucket]
        slot.pointee.expiryPrevious = .none
        slot.pointee.expiryNext = head
        if head != .none { slab.slot(head).pointee.expiryPrevious = index }
        heads[bucket] = index
        if bucket > 0 { occupied |= 1 << UInt64(bucket - 1) }
    }

    mutating func remove(_ index: SlotIndex, in slab: Slab) {
        let slot = slab.slot(index).pointee
        if slot.expiryNext != .none {
            slab.slot(slot.expiryNext).pointee.expiryPrevious = slot.expiryPrevious
        }
        guard slot.expiryPrevious == .none else {
            slab.slot(slot.expiryPrevious).pointee.expiryNext = slot.expiryNext
            return
        }
        let bucket = bucket(of: Self.ordinal(slot.expiry))
        heads[bucket] = slot.expiryNext
        if bucket > 0, slot.expiryNext == .none { occupied &= ~(1 << UInt64(bucket - 1)) }
    }

    /// A slot that has expired, left in the queue; `none` if no slot has.
    mutating func firstExpired(at now: Int64, in slab: Slab) -> SlotIndex {
        let now = Self.ordinal(now)
        if now < horizon { lowerHorizon(to: now, in: slab) }
        while heads[0] == .none {
            guard occupied != 0 else { return .none }
            let bit = UInt64(occupied.trailingZeroBitCount)
            let earliest = (horizon >> bit | 1) << bit
            guard earliest <= now else { return .none }
            horizon = min(now, earliest | (1 << bit - 1))
            spread(bucket: Int(bit) + 1, in: slab)
        }
        return heads[0]
    }

    private mutating func lowerHorizon(to now: UInt64, in slab: Slab) {
        let highest = 64 - (now ^ horizon).leadingZeroBitCount
        // The buckets' chains are detached first: a slot may come back to the bucket that it left.
        var chains: [SlotIndex] = []
        for bucket in 0...highest where heads[bucket] != .none { chains.append(detach(bucket)) }
        horizon = now
        for chain in chains { insert(chain: chain, in: slab) }
    }

    private mutating func spread(bucket: Int, in slab: Slab) {
        insert(chain: detach(bucket), in: slab)
    }

    private mutating func detach(_ bucket: Int) -> SlotIndex {
        defer { heads[bucket] = .none }
        if bucket > 0 { occupied &= ~(1 << UInt64(bucket - 1)) }
        return heads[bucket]
    }

    private mutating func insert(chain: SlotIndex, in slab: Slab) {
        var index = chain
        while index != .none {
            let next = slab.slot(index).pointee.expiryNext
            insert(index, in: slab)
            index = next
        }
    }

    private func bucket(of expiry: UInt64) -> Int {
        expiry <= horizon ? 0 : 64 - (expiry ^ horizon).leadingZeroBitCount
    }

    /// Maps moments to unsigned numbers in the same order.
    private static func ordinal(_ milliseconds: Int64) -> UInt64 {
        UInt64(bitPattern: milliseconds) ^ (1 << 63)
    }
}
