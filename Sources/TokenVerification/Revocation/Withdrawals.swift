package import CacheStores
import Synchronization

/// Keys whose answers this process must not use any more, and since when, whatever a store still holds.
///
/// A store can fail to remove a record, or fail to confirm it. An answer that was verified no later than a withdrawal
/// counts as absent in this process all the same. The number of keys is bounded: when the oldest key is dropped, its
/// moment counts for every key from then on. So the bound costs questions, and never brings an answer back.
package final class Withdrawals: Sendable {
    private struct State {
        var moments: [CacheKey: Timestamp] = [:]
        /// In the order of withdrawal; a key that was withdrawn again moves to the end when it is the oldest.
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

    /// Withdraws a key's answers that were verified up to a moment.
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

    /// Withdraws all answers that were verified up to a moment.
    package func withdrawEverything(at moment: Timestamp) {
        isEmpty.store(false, ordering: .relaxed)
        state.withLock { $0.everything = max(moment, $0.everything) }
    }

    /// Whether a key's answer that was verified at a moment is withdrawn.
    package func covers(_ key: CacheKey, verifiedAt: Timestamp) -> Bool {
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
