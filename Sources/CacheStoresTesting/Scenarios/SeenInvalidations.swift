import CacheStores
import Synchronization

/// A subscription to a store's notices of change, which keeps all that came so far.
final class SeenInvalidations: Sendable {
    private let seen = Mutex<[Invalidation]>([])

    /// Whether a notice has come.
    func contains(_ invalidation: Invalidation) -> Bool { seen.withLock { $0.contains(invalidation) } }

    /// Follows a subscription until the task is cancelled.
    func follow(_ store: any InvalidatingStore) async {
        for await invalidation in store.invalidations { seen.withLock { $0.append(invalidation) } }
    }
}
