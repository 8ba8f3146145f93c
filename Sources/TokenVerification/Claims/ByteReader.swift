/// Takes apart what ``ByteWriter`` built, trusting nothing: each read yields `nil` at the first thing amiss.
///
/// It reads memory that it does not own, and is valid only inside of `withUnsafeBytes`. Slices of
/// arrays would count a reference for each of the dozens of parts that a record has.
package struct ByteReader {
    private let bytes: UnsafeRawBufferPointer
    private let count: Int
    private var position = 0

    package init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        count = bytes.count
    }

    package var isAtEnd: Bool { position == count }

    /// What has not been read yet.
    package var remainder: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[position...]) }

    package mutating func readByte() -> UInt8? {
        guard position < count else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    package mutating func readFixed<Integer: FixedWidthInteger>(_ type: Integer.Type) -> Integer? {
        let size = MemoryLayout<Integer>.size
        guard size <= count - position else { return nil }
        defer { position += size }
        return Integer(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: Integer.self))
    }

    /// Reads a LEB128 number in its shortest form.
    @inline(__always)
    package mutating func readVarying() -> UInt64? {
        // Most are lengths and fit in one byte; inlined for the benchmark "verify, miss, 64 tasks".
        guard position < count, bytes[position] < 0x80 else { return readLongVarying() }
        defer { position += 1 }
        return UInt64(bytes[position])
    }

    private mutating func readLongVarying() -> UInt64? {
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
    package mutating func readBytes() -> UnsafeRawBufferPointer? {
        guard let length = readVarying(), length <= UInt64(count - position) else { return nil }
        defer { position += Int(length) }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + Int(length)])
    }

    /// Reads a text; bytes that are not UTF-8 are no text.
    package mutating func readString() -> String? {
        readBytes().flatMap { String(utf8: $0) }
    }
}
