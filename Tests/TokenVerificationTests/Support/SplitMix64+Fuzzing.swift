import CacheStoresTesting
import Foundation

extension SplitMix64 {
    /// The seed of random input; FUZZ_SEED chooses another.
    static let fuzzSeed = ProcessInfo.processInfo.environment["FUZZ_SEED"].flatMap(UInt64.init) ?? 20_261_124

    /// A generator of random input.
    init() {
        self.init(seed: Self.fuzzSeed)
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
