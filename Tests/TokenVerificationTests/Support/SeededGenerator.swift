import Foundation

/// Random numbers that a seed repeats (SplitMix64); FUZZ_SEED chooses the seed.
struct SeededGenerator: RandomNumberGenerator {
    let seed: UInt64
    private var state: UInt64

    init() {
        self.init(
            seed: ProcessInfo.processInfo.environment["FUZZ_SEED"].flatMap(UInt64.init) ?? 20_261_124
        )
    }

    init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// Bytes that differ from others in a few places: flipped, inserted, removed or doubled.
    mutating func mutation(of original: [UInt8]) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...4, using: &self) {
            let position = Int.random(in: 0...max(0, bytes.count - 1), using: &self)
            let byte = UInt8.random(in: .min ... .max, using: &self)
            switch Int.random(in: 0..<5, using: &self) {
            case 0 where !bytes.isEmpty: bytes[position] = byte
            case 1 where !bytes.isEmpty: bytes[position] ^= 1 << (byte & 7)
            case 2 where !bytes.isEmpty:
                bytes.removeSubrange(position..<min(bytes.count, position + 1 + Int(byte & 7)))
            case 3: bytes.insert(byte, at: min(position, bytes.count))
            default: bytes.insert(contentsOf: bytes.suffix(Int(byte & 15)), at: min(position, bytes.count))
            }
        }
        return bytes
    }
}
