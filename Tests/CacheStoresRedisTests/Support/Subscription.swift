import CacheStores
import CacheStoresRedis
import Synchronization

/// Records a store's invalidations until they end.
final class Subscription: Sendable {
    private struct State {
        var received: [Invalidation] = []
        var hasEnded = false
    }

    private let state: Notes
    private let task: Task<Void, Never>

    init(to store: RedisStore) {
        let notes = Notes()
        state = notes
        task = Task {
            for await invalidation in store.invalidations {
                notes.state.withLock { $0.received.append(invalidation) }
            }
            notes.state.withLock { $0.hasEnded = true }
        }
    }

    deinit {
        task.cancel()
    }

    var received: [Invalidation] { state.state.withLock { $0.received } }

    var hasEnded: Bool { state.state.withLock { $0.hasEnded } }

    private final class Notes: Sendable {
        let state = Mutex(State())
    }
}
