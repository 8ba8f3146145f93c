/// Takes apart what ``ByteWriter`` built, trusting nothing: each read yields `nil` at the first thing amiss.
package struct ByteReader {
    private var rest: ArraySlice<UInt8>

    package init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    package var isAtEnd: Bool { rest.isEmpty }

    /// What has not been read yet.
    package var remainder: ArraySlice<UInt8> { rest }

    package mutating func readByte() -> UInt8? {
        rest.popFirst()
    }

    package mutating func readFixed<Integer: FixedWidthInteger>(_ type: Integer.Type) -> Integer? {
        guard let bytes = readRaw(MemoryLayout<Integer>.size) else { return nil }
        return bytes.withUnsafeBytes { Integer(littleEndian: $0.loadUnaligned(as: Integer.self)) }
    }

    /// Reads a LEB128 number in its shortest form.
    package mutating func readVarying() -> UInt64? {
        var number: UInt64 = 0
        var shift: UInt64 = 0
        while let byte = rest.popFirst() {
            let bits = UInt64(byte & 0x7F)
            guard shift < 63 || (shift == 63 && bits <= 1) else { return nil }
            number |= bits << shift
            if byte & 0x80 == 0 { return byte == 0 && shift > 0 ? nil : number }
            shift += 7
        }
        return nil
    }

    /// Reads a number of bytes, then as many bytes.
    package mutating func readBytes() -> ArraySlice<UInt8>? {
        guard let count = readVarying(), count <= UInt64(rest.count) else { return nil }
        return readRaw(Int(count))
    }

    package mutating func readRaw(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// Reads a text; bytes that are not UTF-8 are no text.
    package mutating func readString() -> String? {
        readBytes().flatMap { String(utf8: $0) }
    }
}
