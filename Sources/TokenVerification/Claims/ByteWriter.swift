/// Builds a compact little-endian encoding.
package struct ByteWriter {
    package private(set) var bytes: [UInt8] = []

    package init(reserving capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    /// Begins anew, in the same memory.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
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
    package mutating func write(_ content: some Collection<UInt8>) {
        write(varying: UInt64(content.count))
        bytes.append(contentsOf: content)
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
