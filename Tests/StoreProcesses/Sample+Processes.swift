package import CacheStores
package import TokenVerificationTestSupport

extension Sample {
    /// The namespace of stores that have no file.
    package static let namespace = "processes"

    /// What every process seals its answers with, and hashes its marks with.
    package static let sealingSecret = "a secret that every process of a fleet is given"

    /// The number of the entry with a key, whose digest is given in hexadecimal.
    package static func number(ofKey digits: String) -> Int? {
        let digits = Array(digits.utf8)
        guard digits.count == 2 * CacheKey.byteCount else { return nil }
        let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16)
        }
        return CacheKey(bytes).map { Int(truncatingIfNeeded: $0.words.3) }
    }

    /// An entry that tells which write it comes from.
    package static func entry(_ number: Int, version: Int) -> CacheEntry<[UInt8]> {
        var entry = entry(number &+ version &* 1_000_003)
        entry.value += withUnsafeBytes(of: version.littleEndian) { Array($0) }
        return entry
    }

    /// Which write an entry comes from; `nil` if its bytes are those of no single write.
    package static func version(of entry: CacheEntry<[UInt8]>, _ number: Int) -> Int? {
        let version = entry.value.suffix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        return entry.value == self.entry(number, version: version).value ? version : nil
    }

    /// Whether a stream of entries removes this one right after setting it.
    package static func isRemovedAgain(_ number: Int) -> Bool {
        number % 5 == 3
    }
}
