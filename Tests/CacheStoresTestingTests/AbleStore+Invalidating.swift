import CacheStores
import Synchronization

extension AbleStore: InvalidatingStore {
    /// Tells of marks, and of nothing else.
    var invalidations: any AsyncSequence<Invalidation, Never> & Sendable {
        let (stream, listener) = AsyncStream<Invalidation>.makeStream()
        listener.yield(.everything)
        marks.state.withLock { $0.listeners.append(listener) }
        return stream
    }

    var reportsMarks: Bool { true }

    func report(_ key: CacheKey) {
        guard fault != .marksUnreported else { return }
        for listener in marks.state.withLock({ $0.listeners }) { listener.yield(.key(key)) }
    }
}
