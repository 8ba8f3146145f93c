import CacheStores
import Synchronization
import TokenVerification

/// A memory store that is full, and keys that it has never seen.
final class FullStore: Sendable {
    let store: MemoryStore<VerifiedToken>
    private let capacity: Int
    private let next: Atomic<Int>
    private let value = SampleAnswer.token

    init(_ capacity: Int) async throws {
        self.capacity = capacity
        store = try MemoryStore(capacity: capacity)
        next = Atomic(0)
        try await insert(newKeys(capacity))
    }

    /// Keys that were never used, so that they can be made before the time is taken.
    func newKeys(_ count: Int) -> [CacheKey] {
        let first = next.add(count, ordering: .relaxed).oldValue
        return Sample.keys(first..<first + count)
    }

    /// The keys that were inserted last.
    func presentKeys(_ count: Int) -> [CacheKey] {
        let last = next.load(ordering: .relaxed)
        return Sample.keys(last - count..<last)
    }

    /// Looks keys up, and gives how many there were.
    func look(_ keys: some Sequence<CacheKey>) async throws -> Int {
        var found = 0
        for key in keys where try await store.entry(for: key) != nil { found += 1 }
        return found
    }

    func look(_ keys: some Sequence<CacheKey>, finding expected: Int) async throws {
        guard try await look(keys) == expected else { throw BenchmarkError("the store holds something else") }
    }

    /// Inserts keys, each to live for a whole life or for half of one, so that expiries differ as in a server.
    func insert(_ keys: some Sequence<CacheKey>, living life: Duration = .seconds(3600)) async throws {
        let half = Int64(life / .milliseconds(2))
        var (expiry, latest) = (Int64.max, Int64.min)
        for (number, key) in keys.enumerated() {
            if number.isMultiple(of: 128) {
                latest = store.clock.now.millisecondsSince1970 + 2 * half
            }
            expiry = expiry < latest ? expiry + 1 : latest - half
            let entry = CacheEntry(value, expiry: Timestamp(millisecondsSince1970: expiry))
            try await store.setEntry(entry, for: key)
        }
    }
}
