/// A value that tells which write it came from and whether it is whole.
///
/// Both its ends hold the write's number; its length, up to about 4 KB, and its filling follow from it.
struct StampedValue {
    let number: UInt64

    init(number: UInt64) {
        self.number = number
    }

    /// Reads a value back; there is none if the bytes are not exactly those of one write.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 16 else { return nil }
        let value = StampedValue(number: bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
        guard value.bytes == bytes else { return nil }
        self = value
    }

    var bytes: [UInt8] {
        var generator = SplitMix64(seed: number)
        let shape = generator.next()
        // Most values are short, so that runs stay quick; one in eight spans several pages of a file.
        let length = Int(shape >> 8) & (shape & 7 == 0 ? 4095 : 127)
        let stamp = (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
        return stamp + [UInt8](repeating: UInt8(truncatingIfNeeded: shape >> 40), count: length) + stamp
    }
}
