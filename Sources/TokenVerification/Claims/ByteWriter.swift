/// Builds a compact little-endian encoding.
package struct ByteWriter {
    package private(set) var bytes: [UInt8] = []

    package init(reserving capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    /// Takes back what was written from a position on.
    mutating func take(from position: Int) -> [UInt8] {
        defer { bytes.removeSubrange(position...) }
        return Array(bytes[position...])
    }

    package mutating func write(_ byte: UInt8) {
        bytes.append(byte)
    }

    /// Writes a fixed-width integer, least significant byte first.
    package mutating func write(fixed integer: some FixedWidthInteger) {
        withUnsafeBytes(of: integer.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Writes a number seven bits at a time, least significant first (LEB128).
    package mutating func write(varying number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Writes bytes behind their number.
    ///
    /// - Returns: where the bytes are.
    @discardableResult
    package mutating func write(_ content: some Collection<UInt8>) -> Range<Int> {
        write(varying: UInt64(content.count))
        bytes.append(contentsOf: content)
        return bytes.count - content.count..<bytes.count
    }

    /// Leaves room for the length of what is written next.
    ///
    /// - Returns: the place, for ``endLength(at:)``.
    mutating func beginLength() -> Int {
        bytes.append(0)
        return bytes.count - 1
    }

    /// Fills in the length of what was written since.
    mutating func endLength(at place: Int) {
        let length = bytes.count - place - 1
        // Most lengths fit in one byte, and then nothing has to be moved.
        if length < 0x80 {
            bytes[place] = UInt8(length)
        } else {
            var writer = ByteWriter()
            writer.write(varying: UInt64(length))
            bytes.replaceSubrange(place...place, with: writer.bytes)
        }
    }

    /// Some parts of what was written, one after the other, in an array that is no larger than they are.
    func parts(_ ranges: [Range<Int>]) -> [UInt8] {
        let size = ranges.reduce(0) { $0 + $1.count }
        return bytes.withUnsafeBytes { bytes in
            [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                for range in ranges {
                    UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                        .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[range]))
                    count += range.count
                }
            }
        }
    }

    /// Writes a text's UTF-8 behind its length.
    package mutating func write(_ text: String) {
        write(text.utf8)
    }

    /// Writes bytes as they are, for a reader that knows how many there are.
    package mutating func write(raw content: some Sequence<UInt8>) {
        bytes.append(contentsOf: content)
    }
}
