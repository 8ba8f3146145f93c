/// What a store keeps for a value.
@usableFromInline
typealias Payload = AnyObject & Sendable

/// A place for one entry, exactly one cache line long.
struct Slot {
    var key: CacheKey
    /// The entry's expiry in milliseconds since 1970.
    var expiry: Int64
    /// The value, retained for as long as the slot is taken.
    var payload: Unmanaged<any Payload>
    /// The neighbours in order of insertion.
    var older: SlotIndex
    var newer: SlotIndex
    /// The neighbours in a bucket of the ``ExpiryQueue``; or ``SlotIndex/inHeap`` and the place in an ``ExpiryHeap``.
    var expiryPrevious: SlotIndex
    var expiryNext: SlotIndex
}

/// The number of a slot in its ``Slab``.
typealias SlotIndex = UInt32

extension SlotIndex {
    /// The number that no slot has.
    static var none: SlotIndex { .max }

    /// Another such number, in the place of a neighbour in a bucket.
    static var inHeap: SlotIndex { .max - 1 }
}

/// Slots in chunks that never move, so that a reader needs no lock against growth.
///
/// A slab is a handle: copies name the same memory, which its owner frees once. It is written by one writer at
/// a time; a reader looks only at slots whose number it found in a ``KeyTable`` whose lock it holds.
///
/// `@unchecked`: the pointers never change, and that lock guards what they point to.
struct Slab: @unchecked Sendable {
    private static let chunkBits: UInt32 = 10
    private static let chunkSize = 1 << Int(chunkBits)

    private let chunks: UnsafeMutablePointer<UnsafeMutablePointer<Slot>?>
    private let chunkCount: Int

    /// Makes room for the addresses of as many chunks as a capacity can ever need; the chunks follow on demand.
    init(capacity: Int) {
        chunkCount = capacity / Self.chunkSize + 1
        chunks = .allocate(capacity: chunkCount)
        chunks.initialize(repeating: nil, count: chunkCount)
    }

    /// The slot's address, valid until ``deallocate()``.
    func slot(_ index: SlotIndex) -> UnsafeMutablePointer<Slot> {
        chunks[Int(index >> Self.chunkBits)].unsafelyUnwrapped + Int(index & (1 << Self.chunkBits - 1))
    }

    /// Makes sure that there is memory for a slot.
    func prepareSlot(_ index: SlotIndex) {
        let chunk = Int(index >> Self.chunkBits)
        guard chunks[chunk] == nil else { return }
        chunks[chunk] = .allocate(capacity: Self.chunkSize)
    }

    /// Frees the memory; slots that are still taken keep their payloads retained.
    func deallocate() {
        for chunk in 0..<chunkCount { chunks[chunk]?.deallocate() }
        chunks.deallocate()
    }
}
