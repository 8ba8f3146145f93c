package import CacheStores
import Synchronization

/// Records that were opened before, so that one that comes again unchanged is not opened again.
///
/// The store is asked all the same, so nothing that it has dropped or replaced is served. Only what it holds is
/// compared, byte by byte, with what was opened under the same key. A key stands for one token of one authority, so
/// with one sealing the same record says the same; and to compare is little beside deriving a key and decrypting.
///
/// Keys are spread by hash over shelves of four. On a full shelf where nothing has expired, a record is admitted on its
/// second use in a row, so that one-off tokens displace nothing: to remember tokens that don't come back costs more than
/// to open them.
package final class OpenedRecords: Sendable {
    /// Shelves that share a lock; none once everything is over.
    private final class Rack: Sendable {
        let shelves: Mutex<[OpenedRecordShelf]>

        init(count: Int) {
            shelves = Mutex([OpenedRecordShelf](repeating: OpenedRecordShelf(), count: count))
        }
    }

    /// The largest record that is remembered, in bytes; most have half a kilobyte.
    package static let maximumSize = 2048

    private static let rackCount = 16

    private let shelfCount: Int
    private let racks: [Rack]

    /// - Parameter capacity: how many records are remembered at the most; what is over a multiple of four is left out.
    package init(capacity: Int) {
        let shelfCount = capacity / OpenedRecordShelf.capacity
        self.shelfCount = shelfCount
        racks = (0..<Self.rackCount).map { number in
            Rack(count: (shelfCount + Self.rackCount - 1 - number) / Self.rackCount)
        }
    }

    /// How many records are remembered.
    package var count: Int {
        racks.reduce(0) { count, rack in
            count + rack.shelves.withLock { $0.reduce(0) { $0 + $1.count } }
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
        switch withShelf(of: key, { $0.find(record, under: key, at: now) }) {
        case .known(let content): return content
        case .unknown(isWelcome: true):
            guard let content = open() else { return nil }
            guard record.count <= Self.maximumSize else {
                forget(key)
                return content
            }
            let opened = OpenedRecord(key: key, record: record, content: content)
            let former = withShelf(of: key) { $0.put(opened, at: now) }
            // Released now that the lock is open.
            withExtendedLifetime(former) {}
            return content
        case .unknown(isWelcome: false), nil: return open()
        }
    }

    /// Forgets what is known under a key.
    package func forget(_ key: CacheKey) {
        let former = withShelf(of: key) { $0.remove(key) }
        withExtendedLifetime(former) {}
    }

    /// Forgets everything.
    package func forgetAll() {
        for rack in racks {
            let count = rack.shelves.withLock { $0.count }
            replaceShelves(of: rack, by: [OpenedRecordShelf](repeating: OpenedRecordShelf(), count: count))
        }
    }

    /// Forgets everything, and remembers nothing from now on.
    package func close() {
        for rack in racks { replaceShelves(of: rack, by: []) }
    }

    private func replaceShelves(of rack: Rack, by new: [OpenedRecordShelf]) {
        let former = rack.shelves.withLock { shelves in
            let former = shelves
            // What was closed meanwhile stays closed.
            if !former.isEmpty { shelves = new }
            return former
        }
        withExtendedLifetime(former) {}
    }

    /// Calls a closure with a key's shelf, if it has one.
    private func withShelf<Result: Sendable>(
        of key: CacheKey,
        _ body: (inout OpenedRecordShelf) -> Result
    ) -> Result? {
        let number = Int(key.words.3.multipliedFullWidth(by: UInt64(shelfCount)).high)
        let (rack, place) = (racks[number % Self.rackCount], number / Self.rackCount)
        return rack.shelves.withLock { place < $0.count ? body(&$0[place]) : nil }
    }
}
