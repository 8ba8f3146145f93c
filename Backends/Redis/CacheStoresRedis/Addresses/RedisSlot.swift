#if Redis
/// The part of a cluster that a key belongs to (Redis cluster specification, "Key distribution model").
struct RedisSlot: Sendable, Hashable {
    static let count: UInt16 = 16_384

    let number: UInt16

    /// The slot of all keys with a hash tag: CRC-16/XMODEM of the tag, modulo 16 384.
    init(ofTag tag: String) {
        var crc: UInt16 = 0
        for byte in tag.utf8 {
            crc ^= UInt16(byte) << 8
            for _ in 0..<8 { crc = crc & 0x8000 == 0 ? crc << 1 : crc << 1 ^ 0x1021 }
        }
        number = crc % Self.count
    }
}
#endif
