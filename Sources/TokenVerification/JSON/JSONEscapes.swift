/// The escape sequences of JSON strings (RFC 8259 §7).
enum JSONEscapes {
    /// Replaces escape sequences by what they stand for; `nil` if one is broken or the result is not UTF-8.
    static func resolve(_ raw: ArraySlice<UInt8>) -> String? {
        var result: [UInt8] = []
        result.reserveCapacity(raw.count)
        var rest = raw
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                continue
            }
            guard let kind = rest.popFirst() else { return nil }
            if kind == UInt8(ascii: "u") {
                guard let scalar = scalar(&rest) else { return nil }
                result.append(contentsOf: String(Character(scalar)).utf8)
            } else {
                guard let byte = simple(kind) else { return nil }
                result.append(byte)
            }
        }
        return result.withUnsafeBytes { String(utf8: $0) }
    }

    private static func simple(_ kind: UInt8) -> UInt8? {
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): kind
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    /// Reads four hexadecimal digits, and the second half of a surrogate pair if they are the first.
    private static func scalar(_ rest: inout ArraySlice<UInt8>) -> Unicode.Scalar? {
        guard let unit = unit(&rest) else { return nil }
        guard UTF16.isLeadSurrogate(unit) else { return Unicode.Scalar(unit) }
        guard rest.popFirst() == UInt8(ascii: "\\"), rest.popFirst() == UInt8(ascii: "u"),
            let trail = self.unit(&rest), UTF16.isTrailSurrogate(trail)
        else { return nil }
        return UTF16.decode(UTF16.EncodedScalar([unit, trail]))
    }

    private static func unit(_ rest: inout ArraySlice<UInt8>) -> UInt16? {
        let digits = rest.prefix(4)
        guard digits.count == 4 else { return nil }
        rest = rest.dropFirst(4)
        var unit: UInt16 = 0
        for digit in digits {
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
            unit = unit << 4 | UInt16(value)
        }
        return unit
    }
}
