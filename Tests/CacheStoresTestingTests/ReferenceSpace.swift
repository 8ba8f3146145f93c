import CacheStores
import Synchronization

/// What all handles on one space share.
final class ReferenceSpace: Sendable {
    struct Record {
        let key: CacheKey
        var entry: CacheEntry<[UInt8]>
        /// Whether the store leaves it out of its count; only a broken store does.
        var isUncounted = false
    }

    struct State {
        var capacity: Int?
        /// In the order of insertion; some may have expired.
        var records: [Record] = []
        var removals: [CacheKey: ReferenceRemoval] = [:]
        var wideRemoval: ReferenceRemoval?
        var insertions = 0

        func index(of key: CacheKey) -> Int? {
            records.firstIndex { $0.key == key }
        }
    }

    let state = Mutex(State())
}
