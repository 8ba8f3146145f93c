/// How many arrays and objects may lie within one another.
package let maximumClaimDepth = 32

private enum Tag: UInt8 {
    case null, no, yes, integer, number, largeInteger, string, array, object
}

extension ByteWriter {
    /// Writes a value: a tag byte, then its content.
    package mutating func write(_ value: ClaimValue) {
        switch value {
        case .null: write(Tag.null.rawValue)
        case .boolean(let truth): write((truth ? Tag.yes : Tag.no).rawValue)
        case .integer(let integer):
            write(Tag.integer.rawValue)
            write(varying: UInt64(bitPattern: (integer << 1) ^ (integer >> 63)))
        case .number(let number):
            write(Tag.number.rawValue)
            write(fixed: number.bitPattern)
        case .largeInteger(let digits):
            write(Tag.largeInteger.rawValue)
            write(digits)
        case .string(let text):
            write(Tag.string.rawValue)
            write(text)
        case .array(let elements):
            write(Tag.array.rawValue)
            write(varying: UInt64(elements.count))
            for element in elements { write(element) }
        case .object(let members):
            write(Tag.object.rawValue)
            write(varying: UInt64(members.count))
            for (name, member) in members.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
                write(name)
                write(member)
            }
        }
    }
}

extension ByteReader {
    /// Reads a value that lies no deeper than ``maximumClaimDepth``.
    package mutating func readClaimValue() -> ClaimValue? {
        readClaimValue(depth: 0)
    }

    private mutating func readClaimValue(depth: Int) -> ClaimValue? {
        guard depth <= maximumClaimDepth, let tag = readByte().flatMap(Tag.init) else { return nil }
        switch tag {
        case .null: return .null
        case .no: return .boolean(false)
        case .yes: return .boolean(true)
        case .integer:
            return readVarying().map { .integer(Int64(bitPattern: $0 >> 1) ^ -Int64(bitPattern: $0 & 1)) }
        case .number: return readFixed(UInt64.self).map { .number(Double(bitPattern: $0)) }
        case .largeInteger: return readString().map { .largeInteger($0) }
        case .string: return readString().map { .string($0) }
        case .array: return readArray(depth: depth)
        case .object: return readObject(depth: depth)
        }
    }

    private mutating func readArray(depth: Int) -> ClaimValue? {
        guard let count = readVarying() else { return nil }
        var elements: [ClaimValue] = []
        while elements.count < count {
            guard let element = readClaimValue(depth: depth + 1) else { return nil }
            elements.append(element)
        }
        return .array(elements)
    }

    private mutating func readObject(depth: Int) -> ClaimValue? {
        guard let count = readVarying() else { return nil }
        var members: [String: ClaimValue] = [:]
        while members.count < count {
            guard let name = readString(), let member = readClaimValue(depth: depth + 1) else { return nil }
            guard members.updateValue(member, forKey: name) == nil else { return nil }
        }
        return .object(members)
    }
}
