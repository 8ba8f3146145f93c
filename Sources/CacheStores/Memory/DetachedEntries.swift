/// Entries that no table refers to any more.
struct DetachedEntries: Sendable {
    let slab: Slab
    let oldest: SlotIndex

    /// Releases the payloads and frees the slab; to be called once, with no lock held.
    func release() {
        var index = oldest
        while index != .none {
            let slot = slab.slot(index).pointee
            slot.payload.release()
            index = slot.newer
        }
        slab.deallocate()
    }
}
