import CacheStores
import Synchronization

/// Rows with keys that were never used, and values that differ.
final class RowSource: Sendable {
    struct Row: Sendable {
        let key: CacheKey
        let value: [UInt8]
    }

    private let next: Atomic<Int>

    init(from first: Int = 0) {
        next = Atomic(first)
    }

    /// New rows.
    func rows(_ count: Int) -> [Row] {
        let first = next.add(count, ordering: .relaxed).oldValue
        return (first..<first + count).map { Row(key: Sample.key($0), value: Sample.value($0)) }
    }

    /// New values for the first so many keys.
    func values(_ count: Int) -> [Row] {
        let first = next.add(count, ordering: .relaxed).oldValue
        return (0..<count).map { Row(key: Sample.key($0), value: Sample.value(first + $0)) }
    }
}

extension CacheStore<[UInt8]> {
    /// Sets rows, by so many tasks at once.
    func set(_ rows: [RowSource.Row], tasks: Int, living life: Duration = .seconds(3600)) async throws {
        try await inParallel(tasks, of: rows) { row in
            let expiry = WallClock.system.now.advanced(by: life)
            try await setEntry(CacheEntry(row.value, expiry: expiry), for: row.key)
        }
    }
}
