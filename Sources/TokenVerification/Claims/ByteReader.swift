/// Takes apart what ``ByteWriter`` built, trusting nothing: each read yields `nil` at the first thing amiss.
package struct ByteReader {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    package init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    package var isAtEnd: Bool { position == bytes.endIndex }

    /// What has not been read yet.
    package var remainder: ArraySlice<UInt8> { bytes[position...] }

    package mutating func readByte() -> UInt8? {
        guard position < bytes.endIndex else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    package mutating func readFixed<Integer: FixedWidthInteger>(_ type: Integer.Type) -> Integer? {
        let size = MemoryLayout<Integer>.size
        guard size <= bytes.endIndex - position else { return nil }
        defer { position += size }
        return bytes.withUnsafeBytes {
            let offset = position - bytes.startIndex
            return Integer(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Integer.self))
        }
    }

    /// Reads a LEB128 number in its shortest form.
    package mutating func readVarying() -> UInt64? {
        var number: UInt64 = 0
        var shift: UInt64 = 0
        while let byte = readByte() {
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
        readVarying().flatMap(Int.init(exactly:)).flatMap { readRaw($0) }
    }

    package mutating func readRaw(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= bytes.endIndex - position else { return nil }
        defer { position += count }
        return bytes[position..<position + count]
    }

    /// Reads a text; bytes that are not UTF-8 are no text.
    package mutating func readString() -> String? {
        readBytes().flatMap { String(utf8: $0) }
    }
}
