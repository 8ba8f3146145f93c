package import CacheStores
import Synchronization

/// Records that were opened before, so that one that comes again unchanged is not opened again.
///
/// The store is asked all the same, so nothing that it has dropped or replaced is served. Only what it holds is
/// compared, byte by byte, with what was opened under the same key. A key stands for one token of one authority, so
/// the same record says the same; and comparing takes a fiftieth of what deriving the record's key and decrypting take.
///
/// Each key has its place, which it shares with whomever chance puts there. It goes to who comes twice while nobody
/// else does: remembering tokens that don't come back would cost more than opening them.
package final class OpenedRecords: Sendable {
    private struct Opened {
        let key: CacheKey
        let record: [UInt8]
        let content: RecordContent
    }

    private struct Place {
        var opened: Opened?
        /// A part of the key that came last, if it was another one.
        var candidate: UInt64?
    }

    private enum Finding {
        case known(RecordContent)
        case unknown(isExpectedAgain: Bool)
    }

    /// Places that share a lock.
    private final class Shelf: Sendable {
        let places = Mutex([Place](repeating: Place(), count: 256))
    }

    /// The largest record that is remembered, in bytes: so that all of them take a few megabytes, and 30 at the most.
    package static let maximumSize = 2048

    private let shelves = (0..<16).map { _ in Shelf() }

    package init() {}

    /// What a record says: known from before, or found out now.
    ///
    /// - Parameters:
    ///   - record: the record, as the store holds it now.
    ///   - key: what it is kept under.
    ///   - open: opens the record; `nil` if it can't be.
    /// - Returns: the content, or `nil` if the record does not open.
    package func content(
        of record: [UInt8],
        under key: CacheKey,
        opening open: () -> RecordContent?
    ) -> RecordContent? {
        switch withPlace(of: key, { Self.find(record, under: key, in: &$0) }) {
        case .known(let content): return content
        case .unknown(let isExpectedAgain):
            guard let content = open() else { return nil }
            if isExpectedAgain, record.count <= Self.maximumSize {
                put(Opened(key: key, record: record, content: content), at: key)
            }
            return content
        }
    }

    /// Forgets what is known under a key.
    package func forget(_ key: CacheKey) {
        let isKnown = withPlace(of: key) { $0.opened?.key == key }
        if isKnown { put(nil, at: key) }
    }

    /// Forgets everything.
    package func forgetAll() {
        for shelf in shelves {
            let former = shelf.places.withLock { places in
                let former = places
                places = [Place](repeating: Place(), count: former.count)
                return former
            }
            withExtendedLifetime(former) {}
        }
    }

    private static func find(_ record: [UInt8], under key: CacheKey, in place: inout Place) -> Finding {
        guard let opened = place.opened, opened.key == key else {
            let isExpectedAgain = place.candidate == key.words.0
            place.candidate = key.words.0
            return .unknown(isExpectedAgain: isExpectedAgain)
        }
        place.candidate = nil
        return opened.record == record ? .known(opened.content) : .unknown(isExpectedAgain: true)
    }

    private func put(_ opened: Opened?, at key: CacheKey) {
        let former = withPlace(of: key) { place in
            let former = place.opened
            place = Place(opened: opened)
            return former
        }
        // Released now that the lock is open.
        withExtendedLifetime(former) {}
    }

    private func withPlace<Result: Sendable>(of key: CacheKey, _ body: (inout Place) -> Result) -> Result {
        let shelf = shelves[Int(truncatingIfNeeded: key.words.2 & 15)]
        return shelf.places.withLock { body(&$0[Int(truncatingIfNeeded: key.words.3 & 255)]) }
    }
}
