/// Slots by their expiries, the earliest first: a binary heap.
///
/// A slot keeps its place here in `expiryNext`, so that any slot can be taken out without a search.
struct ExpiryHeap: Sendable {
    private var slots: [SlotIndex] = []
    /// How often a slot was put into a place.
    private(set) var moves = 0

    /// The slot that expires first, or `none`.
    var first: SlotIndex { slots.first ?? .none }

    mutating func insert(_ index: SlotIndex, in slab: Slab) {
        slab.slot(index).pointee.expiryPrevious = .inHeap
        slots.append(index)
        rise(index, from: slots.count - 1, in: slab)
    }

    mutating func remove(_ index: SlotIndex, in slab: Slab) {
        let place = Int(slab.slot(index).pointee.expiryNext)
        let last = slots.removeLast()
        guard place < slots.count else { return }
        // The last one fills the gap, and belongs above or below it.
        sink(last, from: place, in: slab)
        rise(last, from: Int(slab.slot(last).pointee.expiryNext), in: slab)
    }

    private mutating func rise(_ index: SlotIndex, from place: Int, in slab: Slab) {
        let expiry = slab.slot(index).pointee.expiry
        var place = place
        while place > 0 {
            let parent = slots[(place - 1) / 2]
            guard expiry < slab.slot(parent).pointee.expiry else { break }
            put(parent, at: place, in: slab)
            place = (place - 1) / 2
        }
        put(index, at: place, in: slab)
    }

    private mutating func sink(_ index: SlotIndex, from place: Int, in slab: Slab) {
        let expiry = slab.slot(index).pointee.expiry
        var place = place
        while 2 * place + 1 < slots.count {
            var child = 2 * place + 1
            if child + 1 < slots.count,
                slab.slot(slots[child + 1]).pointee.expiry < slab.slot(slots[child]).pointee.expiry
            {
                child += 1
            }
            guard slab.slot(slots[child]).pointee.expiry < expiry else { break }
            put(slots[child], at: place, in: slab)
            place = child
        }
        put(index, at: place, in: slab)
    }

    private mutating func put(_ index: SlotIndex, at place: Int, in slab: Slab) {
        slots[place] = index
        slab.slot(index).pointee.expiryNext = SlotIndex(place)
        moves += 1
    }
}
