/// Reads one JSON text (RFC 8259) strictly, since logins depend on it, and writes it in the encoding of claims.
///
/// Refused are: bytes that are not UTF-8, a byte-order mark, a name that occurs twice in one object (readers
/// differ on which counts), a lone surrogate, anything after the value, and more than 32 levels of nesting.
///
/// Of an answer that is kept only a few claims are ever looked at, so no tree of values is built on the way.
package struct JSONParser {
    private let text: UnsafeBufferPointer<UInt8>
    private var position = 0
    /// The values that were read, encoded.
    private var written = ByteWriter(reserving: 512)

    /// Reads a JSON text.
    ///
    /// - Parameter bytes: the whole text.
    /// - Returns: its value.
    /// - Throws: ``JSONError`` at the first thing amiss.
    package static func value(of bytes: [UInt8]) throws(JSONError) -> ClaimValue {
        try read(bytes) { (parser) throws(JSONError) in
            try parser.writeValue(depth: 0)
            let value = parser.written.bytes.withUnsafeBytes { bytes in
                var reader = ByteReader(bytes)
                return reader.readClaimValue()
            }
            guard let value else { throw parser.error }
            return value
        }
    }

    /// Reads a JSON text that is an object.
    ///
    /// - Parameter bytes: the whole text.
    /// - Returns: its members.
    /// - Throws: ``JSONError`` at the first thing amiss.
    package static func claims(of bytes: [UInt8]) throws(JSONError) -> Claims {
        try read(bytes) { (parser) throws(JSONError) in
            guard parser.next == UInt8(ascii: "{") else { throw parser.error }
            let members = try parser.writeMembers(depth: 0, areSkippable: true)
            return Claims(encoded: parser.written.parts(members.map(\.whole)))
        }
    }

    private static func read<Result>(
        _ bytes: [UInt8],
        _ body: (inout JSONParser) throws(JSONError) -> Result
    ) throws(JSONError) -> Result {
        try bytes.withUnsafeBufferPointer { (text) throws(JSONError) in
            var parser = JSONParser(text: text)
            parser.skipSpace()
            let result = try body(&parser)
            parser.skipSpace()
            guard parser.position == text.count else { throw parser.error }
            return result
        }
    }

    private init(text: UnsafeBufferPointer<UInt8>) {
        self.text = text
    }

    private var next: UInt8? { position < text.count ? text[position] : nil }

    private mutating func writeValue(depth: Int) throws(JSONError) {
        guard depth <= maximumClaimDepth else { throw error }
        switch next {
        case UInt8(ascii: "{"): try writeObject(depth: depth)
        case UInt8(ascii: "["): try writeArray(depth: depth)
        case UInt8(ascii: "\""):
            written.write(ClaimTag.string.rawValue)
            _ = try writeText()
        case UInt8(ascii: "t"): try writeLiteral("true", .yes)
        case UInt8(ascii: "f"): try writeLiteral("false", .no)
        case UInt8(ascii: "n"): try writeLiteral("null", .null)
        default: try writeNumber()
        }
    }

    private mutating func writeObject(depth: Int) throws(JSONError) {
        let start = written.bytes.count
        let members = try writeMembers(depth: depth)
        // Their number and their order are known only now.
        let content = written.take(from: start)
        written.write(ClaimTag.object.rawValue)
        written.write(varying: UInt64(members.count))
        for member in members {
            written.write(raw: content[member.whole.lowerBound - start..<member.whole.upperBound - start])
        }
    }

    /// Writes an object's members as they come.
    ///
    /// - Parameters:
    ///   - depth: how deep the object lies.
    ///   - areSkippable: whether each value is written behind its length, as in ``Claims``.
    /// - Returns: where they were written, in the order of their names.
    /// - Throws: ``JSONError`` at the first thing amiss.
    private mutating func writeMembers(
        depth: Int,
        areSkippable: Bool = false
    ) throws(JSONError) -> [JSONMember] {
        var members: [JSONMember] = []
        position += 1
        skipSpace()
        if take("}") { return members }
        // As many as an authority's answer has, so that they need not be moved three times.
        if areSkippable { members.reserveCapacity(16) }
        while true {
            guard next == UInt8(ascii: "\"") else { throw error }
            let start = written.bytes.count
            let name = try writeText()
            skipSpace()
            guard take(":") else { throw error }
            skipSpace()
            let place = areSkippable ? written.beginLength() : nil
            try writeValue(depth: depth + 1)
            if let place { written.endLength(at: place) }
            members.append(JSONMember(whole: start..<written.bytes.count, name: name))
            skipSpace()
            if take("}") { break }
            guard take(",") else { throw error }
            skipSpace()
        }
        guard let ordered = JSONMember.ordered(members, in: written) else { throw error }
        return ordered
    }

    private mutating func writeArray(depth: Int) throws(JSONError) {
        let start = written.bytes.count
        var count: UInt64 = 0
        position += 1
        skipSpace()
        if !take("]") {
            while true {
                try writeValue(depth: depth + 1)
                count += 1
                skipSpace()
                if take("]") { break }
                guard take(",") else { throw error }
                skipSpace()
            }
        }
        // Their number is known only now.
        let elements = written.take(from: start)
        written.write(ClaimTag.array.rawValue)
        written.write(varying: count)
        written.write(raw: elements)
    }

    private mutating func writeLiteral(_ literal: StaticString, _ tag: ClaimTag) throws(JSONError) {
        let length = literal.utf8CodeUnitCount
        let isThere = literal.withUTF8Buffer { text[position...].prefix(length).elementsEqual($0) }
        guard isThere else { throw error }
        position += length
        written.write(tag.rawValue)
    }

    private mutating func writeNumber() throws(JSONError) {
        let start = position
        _ = take("-")
        let isZero = next == UInt8(ascii: "0")
        guard takeDigits() > 0 else { throw error }
        let firstDigit = text[start] == UInt8(ascii: "-") ? start + 1 : start
        guard !isZero || position == firstDigit + 1 else { throw error }
        var isInteger = true
        if take(".") {
            isInteger = false
            guard takeDigits() > 0 else { throw error }
        }
        if take("e") || take("E") {
            isInteger = false
            if !take("+") { _ = take("-") }
            guard takeDigits() > 0 else { throw error }
        }
        let digits = String(decoding: text[start..<position], as: UTF8.self)
        if isInteger {
            written.write(Int64(digits).map { .integer($0) } ?? .largeInteger(digits))
        } else {
            guard let number = Double(digits) else { throw error }
            written.write(.number(number))
        }
    }

    /// Writes a text's bytes behind their number.
    ///
    /// - Returns: where the bytes were written.
    private mutating func writeText() throws(JSONError) -> Range<Int> {
        let start = position + 1
        var end = start
        var (isASCII, hasEscapes) = (true, false)
        while end < text.count, text[end] != UInt8(ascii: "\""), text[end] >= 0x20 {
            if text[end] >= 0x80 { isASCII = false }
            if text[end] == UInt8(ascii: "\\") {
                hasEscapes = true
                end += 1
            }
            end += 1
        }
        position = min(end, text.count)
        guard take("\"") else { throw error }
        let raw = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(text)[start..<end])
        if hasEscapes {
            guard let resolved = JSONEscapes.resolve(Array(raw)[...]) else { throw error }
            return written.write(resolved.utf8)
        }
        guard isASCII || String(validating: raw, as: UTF8.self) != nil else { throw error }
        return written.write(raw)
    }

    private mutating func takeDigits() -> Int {
        let start = position
        while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
        return position - start
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let next, next == UInt8(truncatingIfNeeded: character.value) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    private var error: JSONError { JSONError(position: position) }
}
