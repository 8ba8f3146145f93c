import CacheStores

/// Rule 12, as far as it shows without a stopwatch: what one write does to the other entries is bounded.
///
/// Time never decides a test. But the clock is ours: once it has been put back, entries that were dead for a
/// moment are live again unless they were dropped meanwhile, and so the work of a single write can be counted.
enum CostClauses {
    /// How many entries there are; far more than a write may deal with.
    static let scale = 256
    /// How many entries a single write may drop or evict, generously.
    static let mostPerWrite = 128

    static let all = [
        Clause("Dropping the dead is bounded work per write.") {
            let store = try await $0.open(capacity: scale)
            let keys = $0.keys(scale + 1)
            try await store.fill(Array(keys[..<scale]), lasting: 1_000)
            try await store.expectCount(scale)
            $0.advance(1_000)
            try await store.set(keys[scale])
            $0.advance(-1_000)
            let left = try await store.count() - 1
            if scale - left > mostPerWrite {
                throw $0.violation("one write dropped \(scale - left) of \(scale) dead entries")
            }
        }
    ]
}
