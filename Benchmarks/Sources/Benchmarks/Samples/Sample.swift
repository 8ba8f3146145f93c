import CacheStores
import Crypto
import TokenVerification

/// Tokens, keys and values that look like real ones; every number has its own.
enum Sample {
    /// A token's text; letters, digits and an underscore.
    static func text(_ number: Int, length: Int = 40) -> String {
        let name = "sample_\(String(mixed(UInt64(bitPattern: Int64(number))), radix: 36))_"
        return name + String(repeating: "x", count: length - name.utf8.count)
    }

    static func texts(_ numbers: Range<Int>, length: Int = 40) -> [String] {
        numbers.map { text($0, length: length) }
    }

    static func key(_ number: Int) -> CacheKey {
        var digest: [UInt8] = []
        digest.reserveCapacity(CacheKey.byteCount)
        for part in 0..<4 {
            let word = mixed(UInt64(bitPattern: Int64(number)) &* 4 &+ UInt64(part))
            withUnsafeBytes(of: word) { digest.append(contentsOf: $0) }
        }
        guard let key = CacheKey(digest) else { preconditionFailure("32 bytes") }
        return key
    }

    /// The digest of a token's text.
    static func key(of text: String) -> CacheKey {
        var text = text
        let digest = text.withUTF8 { text in
            var hash = SHA256()
            hash.update(bufferPointer: UnsafeRawBufferPointer(text))
            return hash.finalize()
        }
        guard let key = digest.withUnsafeBytes({ CacheKey($0) }) else { preconditionFailure("32 bytes") }
        return key
    }

    static func keys(_ numbers: Range<Int>) -> [CacheKey] {
        numbers.map(key)
    }

    /// Bytes that differ in the first eight: SQLite writes nothing if a value stays as it is.
    static func value(_ number: Int, size: Int = 500) -> [UInt8] {
        var value = [UInt8](repeating: 0x5A, count: size)
        withUnsafeBytes(of: mixed(UInt64(bitPattern: Int64(number)))) {
            value.replaceSubrange(0..<8, with: $0)
        }
        return value
    }

    static func entry(_ number: Int, size: Int = 500) -> CacheEntry<[UInt8]> {
        CacheEntry(value(number, size: size), expiry: .distantFuture)
    }

    /// SplitMix64's output function: neighbours have nothing in common.
    static func mixed(_ number: UInt64) -> UInt64 {
        var word = (number &+ 1) &* 0x9E37_79B9_7F4A_7C15
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
