import CacheStores
import Synchronization

/// What all ``ShelfStore``s on the same data share.
public final class ShelfSpace: Sendable {
    struct Record {
        let key: CacheKey
        var entry: CacheEntry<[UInt8]>
    }

    /// A removal: when it was, and until when it is remembered.
    struct Removal {
        var moment: Timestamp
        var end: Timestamp
    }

    struct State {
        var capacity: Int?
        /// In the order of insertion.
        var records: [Record] = []
        var removals: [CacheKey: Removal] = [:]
        var wideRemoval: Removal?
    }

    let state = Mutex(State())

    public init() {}
}
