package import CacheStores
import CacheStoresTesting

/// Entries by number, the same in the tests and in the processes that they start.
package enum Sample {
    /// The key of an entry: spread over all bytes, as a digest is.
    package static func key(_ number: Int) -> CacheKey {
        CacheKey(
            words: (word(number, 1), word(number, 2), word(number, 3), UInt64(truncatingIfNeeded: number))
        )
    }

    /// The value of an entry: some hundred bytes that belong to no other number.
    package static func value(_ number: Int) -> [UInt8] {
        let word = word(number, 4)
        return (0..<(200 + abs(number % 100))).map { UInt8(truncatingIfNeeded: word &>> ($0 % 8 * 8)) }
    }

    /// An entry that outlives the test.
    package static func entry(_ number: Int, lasting life: Duration = .seconds(3600)) -> CacheEntry<[UInt8]> {
        CacheEntry(value(number), expiry: WallClock.system.now.advanced(by: life))
    }

    private static func word(_ number: Int, _ stream: UInt64) -> UInt64 {
        var generator = SplitMix64(seed: UInt64(truncatingIfNeeded: number) &* 8 &+ stream)
        return generator.next()
    }
}
