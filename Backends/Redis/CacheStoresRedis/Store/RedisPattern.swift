/// Patterns of `SCAN`.
enum RedisPattern {
    /// A text that stands for itself in a pattern.
    static func escaped(_ text: [UInt8]) -> [UInt8] {
        text.flatMap { byte in
            [UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "\\")]
                .contains(byte)
                ? [UInt8(ascii: "\\"), byte] : [byte]
        }
    }
}
