package import CacheStores

/// Entries by number, the same in the tests and in the processes that they start.
package enum Sample {
    /// The key of an entry: spread over all bytes, as a digest is.
    package static func key(_ number: Int) -> CacheKey {
        CacheKey(words: (mix(number, 1), mix(number, 2), mix(number, 3), UInt64(truncatingIfNeeded: number)))
    }

    /// The value of an entry: some hundred bytes that belong to no other number.
    package static func value(_ number: Int) -> [UInt8] {
        let word = mix(number, 4)
        return (0..<(200 + number % 100)).map { UInt8(truncatingIfNeeded: word &>> ($0 % 8 * 8)) }
    }

    /// An entry that outlives the test.
    package static func entry(_ number: Int) -> CacheEntry<[UInt8]> {
        CacheEntry(value(number), expiry: WallClock.system.now.advanced(by: .seconds(3600)))
    }

    /// Whether whoever streams entries removes this one right after setting it.
    package static func isRemovedAgain(_ number: Int) -> Bool {
        number % 5 == 3
    }

    private static func mix(_ number: Int, _ stream: UInt64) -> UInt64 {
        var word =
            UInt64(truncatingIfNeeded: number) &* 0x9e37_79b9_7f4a_7c15 &+ stream &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word &>> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word &>> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word &>> 31)
    }
}
