package import CacheStores
import Synchronization

/// What this process must not use any more, whatever a store still holds: keys, and when they were forgotten or
/// their tokens refused.
///
/// A store can fail to remove a record, or fail to say so. What was verified no later than a withdrawal counts as
/// absent here all the same. The number of keys is bounded: when the oldest makes room, its moment counts for every
/// key from then on, so that the bound costs questions and never brings an answer back.
package final class Withdrawals: Sendable {
    private struct State {
        var moments: [CacheKey: Timestamp] = [:]
        /// In the order of withdrawal; what was withdrawn once more is put at the end when its turn comes.
        var order: [(key: CacheKey, moment: Timestamp)] = []
        var oldest = 0
        var everything = Timestamp.distantPast
    }

    private let capacity: Int
    private let state = Mutex(State())
    private let isEmpty = Atomic(true)

    /// - Parameter capacity: how many keys are remembered one by one.
    package init(capacity: Int) {
        self.capacity = capacity
    }

    /// Withdraws what is known under a key up to a moment.
    package func withdraw(_ key: CacheKey, at moment: Timestamp) {
        isEmpty.store(false, ordering: .relaxed)
        state.withLock { state in
            let former = state.moments.updateValue(moment, forKey: key)
            if let former {
                // It keeps its place until it is the oldest.
                state.moments[key] = max(moment, former)
            } else {
                state.order.append((key, moment))
            }
            while state.order.count - state.oldest > capacity { dropOldest(from: &state) }
        }
    }

    /// Withdraws everything that is known up to a moment.
    package func withdrawEverything(at moment: Timestamp) {
        isEmpty.store(false, ordering: .relaxed)
        state.withLock { $0.everything = max(moment, $0.everything) }
    }

    /// Whether what was verified at a moment is withdrawn.
    package func cover(_ key: CacheKey, verifiedAt: Timestamp) -> Bool {
        guard !isEmpty.load(ordering: .relaxed) else { return false }
        return state.withLock { state in
            verifiedAt <= state.everything || verifiedAt <= state.moments[key] ?? .distantPast
        }
    }

    private func dropOldest(from state: inout State) {
        let (key, moment) = state.order[state.oldest]
        state.oldest += 1
        if let last = state.moments[key], last > moment {
            state.order.append((key, last))
        } else {
            state.moments[key] = nil
            state.everything = max(moment, state.everything)
        }
        guard state.oldest > capacity else { return }
        state.order.removeFirst(state.oldest)
        state.oldest = 0
    }
}
