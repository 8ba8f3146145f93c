import Crypto

/// A table for digests, without a lock: open addressing, probed by the digest's first word.
struct DigestTable: Sendable {
    private typealias Words = (UInt64, UInt64, UInt64, UInt64)

    private struct Slot: Sendable {
        var words: Words
        var expiry: Int64
        var payload: (any AnyObject & Sendable)?
    }

    private var slots: [Slot]
    private let mask: Int

    init(capacity: Int) {
        var size = 16
        while size < 2 * capacity { size *= 2 }
        slots = Array(repeating: Slot(words: (0, 0, 0, 0), expiry: 0, payload: nil), count: size)
        mask = size - 1
    }

    mutating func insert(_ payload: any AnyObject & Sendable, expiry: Int64, for digest: SHA256Digest) {
        let words = Self.words(of: digest)
        var position = Int(truncatingIfNeeded: words.0) & mask
        while slots[position].payload != nil { position = (position + 1) & mask }
        slots[position] = Slot(words: words, expiry: expiry, payload: payload)
    }

    subscript(digest: SHA256Digest) -> (payload: any AnyObject & Sendable, expiry: Int64)? {
        let words = Self.words(of: digest)
        var position = Int(truncatingIfNeeded: words.0) & mask
        while let payload = slots[position].payload {
            if slots[position].words == words { return (payload, slots[position].expiry) }
            position = (position + 1) & mask
        }
        return nil
    }

    private static func words(of digest: SHA256Digest) -> Words {
        digest.withUnsafeBytes { $0.loadUnaligned(as: Words.self) }
    }
}
