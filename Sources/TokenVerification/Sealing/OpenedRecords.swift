package import CacheStores
import Synchronization

/// Records that were opened before, so that one that comes again unchanged is not opened again.
///
/// The store is asked all the same, so nothing that it has dropped or replaced is served. Only what it holds is
/// compared, byte by byte, with what was opened under the same key. A key stands for one token of one authority, so
/// with one sealing the same record says the same; and to compare is little beside deriving a key and decrypting.
///
/// Keys are spread by hash over sets of four. On a full set where nothing has expired, a record is admitted on its
/// second use in a row, so that one-off tokens displace nothing: to remember tokens that don't come back costs more than
/// to open them.
package final class OpenedRecords: Sendable {
    /// Sets that share a lock; empty after ``close()``.
    private final class Shard: Sendable {
        let sets: Mutex<[OpenedRecordSet]>

        init(count: Int) {
            sets = Mutex([OpenedRecordSet](repeating: OpenedRecordSet(), count: count))
        }
    }

    /// The largest record that is remembered, in bytes; most have half a kilobyte.
    package static let maximumSize = 2048

    private static let shardCount = 16

    private let setCount: Int
    private let shards: [Shard]

    /// - Parameter capacity: how many records are remembered at the most; what is over a multiple of four is left out.
    package init(capacity: Int) {
        let setCount = capacity / OpenedRecordSet.capacity
        self.setCount = setCount
        shards = (0..<Self.shardCount).map { number in
            Shard(count: (setCount + Self.shardCount - 1 - number) / Self.shardCount)
        }
    }

    /// How many records are remembered.
    package var count: Int {
        shards.reduce(0) { count, shard in
            count + shard.sets.withLock { $0.reduce(0) { $0 + $1.count } }
        }
    }

    /// What a record says: known from before, or found out now.
    ///
    /// - Parameters:
    ///   - record: the record, as the store holds it now.
    ///   - key: what it is kept under.
    ///   - now: the time.
    ///   - open: opens the record; `nil` if it can't be.
    /// - Returns: the content, or `nil` if the record does not open.
    package func content(
        of record: [UInt8],
        under key: CacheKey,
        at now: Timestamp,
        opening open: () -> RecordContent?
    ) -> RecordContent? {
        switch withSet(of: key, { $0.find(record, under: key, at: now) }) {
        case .known(let content): return content
        case .unknown(isAdmitted: true):
            guard let content = open() else { return nil }
            guard record.count <= Self.maximumSize else {
                forget(key)
                return content
            }
            let opened = OpenedRecord(key: key, record: record, content: content)
            let former = withSet(of: key) { $0.put(opened, at: now) }
            // Released now that the lock is open.
            withExtendedLifetime(former) {}
            return content
        case .unknown(isAdmitted: false), nil: return open()
        }
    }

    /// Forgets what is known under a key.
    package func forget(_ key: CacheKey) {
        let former = withSet(of: key) { $0.remove(key) }
        withExtendedLifetime(former) {}
    }

    /// Forgets everything.
    package func forgetAll() {
        for shard in shards {
            let count = shard.sets.withLock { $0.count }
            replaceSets(of: shard, by: [OpenedRecordSet](repeating: OpenedRecordSet(), count: count))
        }
    }

    /// Forgets everything, and remembers nothing from now on.
    package func close() {
        for shard in shards { replaceSets(of: shard, by: []) }
    }

    private func replaceSets(of shard: Shard, by new: [OpenedRecordSet]) {
        let former = shard.sets.withLock { sets in
            let former = sets
            // What was closed meanwhile stays closed.
            if !former.isEmpty { sets = new }
            return former
        }
        withExtendedLifetime(former) {}
    }

    /// Calls a closure with a key's set, if it has one.
    private func withSet<Result: Sendable>(
        of key: CacheKey,
        _ body: (inout OpenedRecordSet) -> Result
    ) -> Result? {
        let number = Int(key.words.3.multipliedFullWidth(by: UInt64(setCount)).high)
        let (shard, place) = (shards[number % Self.shardCount], number / Self.shardCount)
        return shard.sets.withLock { place < $0.count ? body(&$0[place]) : nil }
    }
}
