/// Reads one JSON text (RFC 8259) strictly, since it decides who may log in.
///
/// Refused are: bytes that are not UTF-8, a byte-order mark, a name that occurs twice in one object (readers
/// differ on which counts), a lone surrogate, anything after the value, and more than 32 levels of nesting.
package struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0

    /// Reads a JSON text.
    ///
    /// - Parameter bytes: the whole text.
    /// - Returns: its value.
    /// - Throws: ``JSONError`` at the first thing amiss.
    package static func value(of bytes: [UInt8]) throws(JSONError) -> ClaimValue {
        var parser = JSONParser(bytes: bytes)
        parser.skipSpace()
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.position == bytes.count else { throw JSONError(position: parser.position) }
        return value
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func value(depth: Int) throws(JSONError) -> ClaimValue {
        guard depth <= maximumClaimDepth else { throw error }
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .boolean(true))
        case UInt8(ascii: "f"): return try literal("false", .boolean(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> ClaimValue {
        var members: [String: ClaimValue] = [:]
        position += 1
        skipSpace()
        if take("}") { return .object(members) }
        // As many as an authority's answer has, so that they need not be moved three times.
        if depth == 0 { members.reserveCapacity(16) }
        while true {
            guard next == UInt8(ascii: "\"") else { throw error }
            let name = try string()
            skipSpace()
            guard take(":") else { throw error }
            skipSpace()
            let member = try value(depth: depth + 1)
            guard members.updateValue(member, forKey: name) == nil else { throw error }
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw error }
            skipSpace()
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> ClaimValue {
        var elements: [ClaimValue] = []
        position += 1
        skipSpace()
        if take("]") { return .array(elements) }
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if take("]") { return .array(elements) }
            guard take(",") else { throw error }
            skipSpace()
        }
    }

    private mutating func literal(_ text: StaticString, _ value: ClaimValue) throws(JSONError) -> ClaimValue {
        let length = text.utf8CodeUnitCount
        let isThere = text.withUTF8Buffer { bytes[position...].prefix(length).elementsEqual($0) }
        guard isThere else { throw error }
        position += length
        return value
    }

    private mutating func number() throws(JSONError) -> ClaimValue {
        let start = position
        _ = take("-")
        let isZero = next == UInt8(ascii: "0")
        guard takeDigits() > 0 else { throw error }
        let firstDigit = bytes[start] == UInt8(ascii: "-") ? start + 1 : start
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
        let digits = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger { return Int64(digits).map { .integer($0) } ?? .largeInteger(digits) }
        guard let number = Double(digits) else { throw error }
        return .number(number)
    }

    private mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        var hasEscapes = false
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw error }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                position += 1
            }
            position += 1
        }
        guard position < bytes.count else { throw error }
        let raw = bytes[start..<position]
        position += 1
        guard hasEscapes else {
            guard let text = String(utf8: raw) else { throw error }
            return text
        }
        guard let text = JSONEscapes.resolve(raw) else { throw error }
        return text
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
