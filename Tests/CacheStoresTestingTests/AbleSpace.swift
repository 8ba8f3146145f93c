import CacheStores
import Synchronization

/// What all handles on one space share: its entries, and what is said of keys besides.
final class AbleSpace: Sendable {
    struct State {
        var leases: [CacheKey: (holder: LeaseHolder, end: Timestamp)] = [:]
        var marks: [CacheKey: (moment: Timestamp, end: Timestamp)] = [:]
        /// Keys whose removal is remembered; only a broken store cares.
        var removed: Set<CacheKey> = []
        var listeners: [AsyncStream<Invalidation>.Continuation] = []
    }

    let entries: MemoryStore<[UInt8]>
    let state = Mutex(State())

    init(capacity: Int?, clock: WallClock) throws {
        entries = try MemoryStore(capacity: capacity, clock: clock)
    }
}
