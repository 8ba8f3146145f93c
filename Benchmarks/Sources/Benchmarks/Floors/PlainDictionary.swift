import CacheStores
import Synchronization

/// What one writes without a framework: a dictionary behind a lock, without bound, order or expiry.
final class PlainDictionary: Sendable {
    private let entries = Mutex<[CacheKey: CacheEntry<Int>]>([:])

    func insert(_ keys: some Sequence<CacheKey>) {
        for key in keys {
            entries.withLock { _ = $0.updateValue(CacheEntry(1, expiry: .distantFuture), forKey: key) }
        }
    }

    /// Looks keys up, and gives how many there were.
    func look(_ keys: some Sequence<CacheKey>) -> Int {
        var found = 0
        for key in keys where entries.withLock({ $0[key] }) != nil { found += 1 }
        return found
    }

    func look(_ keys: some Sequence<CacheKey>, finding expected: Int) throws {
        guard look(keys) == expected else { throw BenchmarkError("the dictionary holds something else") }
    }
}
