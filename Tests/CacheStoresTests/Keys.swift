import CacheStores
import Testing

/// A key that differs from those of other numbers in every word.
func key(_ number: Int) throws -> CacheKey {
    var bytes: [UInt8] = []
    for word in 1...4 {
        withUnsafeBytes(of: (UInt64(number) &+ 1) &* 0x9E37_79B9_7F4A_7C15 &* UInt64(word)) {
            bytes.append(contentsOf: $0)
        }
    }
    return try #require(CacheKey(bytes))
}
