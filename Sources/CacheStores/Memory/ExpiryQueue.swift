/// Finds an expired slot without scanning, in constant amortised time: a radix heap.
///
/// A slot lies in a bucket by the highest bit in which its expiry differs from `horizon`, the latest moment up to
/// which the queue was searched; bucket 0 holds what expires no later than that. As time passes, the lowest
/// bucket is spread over the ones below it, so a slot moves at most once per bit. Buckets are linked through the
/// slots themselves, so any slot can be taken out at once.
///
/// The horizon never goes back while slots depend on it, or a clock that goes back and forth would have them spread
/// again and again. After a step back of the clock, slots that expire up to the horizon may be alive. They lie in
/// ``ExpiryHeap`` instead: new ones at once, and those in bucket 0 when a search meets them. A slot moves there at most
/// once, and stays: writes then cost the logarithm of the number of such slots.
///
/// `@unchecked`: the queue alone has a pointer to the heads.
struct ExpiryQueue: ~Copyable, @unchecked Sendable {
    private static let bucketCount = 65

    /// The first slot of each bucket.
    private let heads: UnsafeMutablePointer<SlotIndex>
    /// A bit for each bucket from 1 on that is not empty.
    private var occupied: UInt64 = 0
    private var horizon: UInt64
    /// What may be alive although its expiry is no later than the horizon.
    private var revived = ExpiryHeap()
    private var spreads = 0

    /// How often a slot was moved since the queue was made.
    var moves: Int { spreads + revived.moves }

    init(now: Int64) {
        heads = .allocate(capacity: Self.bucketCount)
        heads.initialize(repeating: .none, count: Self.bucketCount)
        horizon = Self.ordinal(now)
    }

    deinit {
        heads.deallocate()
    }

    mutating func insert(_ index: SlotIndex, in slab: Slab) {
        let bucket = bucket(of: Self.ordinal(slab.slot(index).pointee.expiry))
        if bucket == 0 { revived.insert(index, in: slab) } else { insert(index, bucket: bucket, in: slab) }
    }

    private mutating func insert(_ index: SlotIndex, bucket: Int, in slab: Slab) {
        let slot = slab.slot(index)
        let head = heads[bucket]
        slot.pointee.expiryPrevious = .none
        slot.pointee.expiryNext = head
        if head != .none { slab.slot(head).pointee.expiryPrevious = index }
        heads[bucket] = index
        if bucket > 0 { occupied |= 1 << UInt64(bucket - 1) }
    }

    mutating func remove(_ index: SlotIndex, in slab: Slab) {
        let slot = slab.slot(index).pointee
        if slot.expiryPrevious == .inHeap { return revived.remove(index, in: slab) }
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
        let moment = now
        let now = Self.ordinal(now)
        if now < horizon { return firstRevived(at: moment, in: slab) }
        if revived.first != .none { return revived.first }
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

    /// A slot that has expired by a clock that is behind the horizon.
    private mutating func firstRevived(at now: Int64, in slab: Slab) -> SlotIndex {
        while heads[0] != .none {
            let head = heads[0]
            if slab.slot(head).pointee.expiry <= now { return head }
            remove(head, in: slab)
            revived.insert(head, in: slab)
        }
        let first = revived.first
        guard first == .none else { return slab.slot(first).pointee.expiry <= now ? first : .none }
        // No slot depends on the horizon any more, so it may go back.
        if occupied == 0 { horizon = Self.ordinal(now) }
        return .none
    }

    private mutating func spread(bucket: Int, in slab: Slab) {
        var index = detach(bucket)
        while index != .none {
            let slot = slab.slot(index).pointee
            insert(index, bucket: self.bucket(of: Self.ordinal(slot.expiry)), in: slab)
            index = slot.expiryNext
            spreads += 1
        }
    }

    private mutating func detach(_ bucket: Int) -> SlotIndex {
        defer { heads[bucket] = .none }
        if bucket > 0 { occupied &= ~(1 << UInt64(bucket - 1)) }
        return heads[bucket]
    }

    private func bucket(of expiry: UInt64) -> Int {
        expiry <= horizon ? 0 : 64 - (expiry ^ horizon).leadingZeroBitCount
    }

    /// Maps moments to unsigned numbers in the same order.
    private static func ordinal(_ milliseconds: Int64) -> UInt64 {
        UInt64(bitPattern: milliseconds) ^ (1 << 63)
    }
}
