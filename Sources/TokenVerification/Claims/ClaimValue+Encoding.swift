/// How many arrays and objects may lie within one another.
package let maximumClaimDepth = 32

extension ByteWriter {
    /// Writes a value: a tag byte, then its content.
    package mutating func write(_ value: ClaimValue) {
        switch value {
        case .null: write(ClaimTag.null.rawValue)
        case .boolean(let truth): write((truth ? ClaimTag.yes : .no).rawValue)
        case .integer(let integer):
            write(ClaimTag.integer.rawValue)
            write(zigzag: integer)
        case .number(let number):
            write(ClaimTag.number.rawValue)
            write(fixed: number.bitPattern)
        case .largeInteger(let digits):
            write(ClaimTag.largeInteger.rawValue)
            write(digits)
        case .string(let text):
            write(ClaimTag.string.rawValue)
            write(text)
        case .array(let elements):
            write(ClaimTag.array.rawValue)
            write(varying: UInt64(elements.count))
            for element in elements { write(element) }
        case .object(let members):
            write(ClaimTag.object.rawValue)
            write(varying: UInt64(members.count))
            for (name, member) in members.sorted(by: {
                $0.key.text.utf8.lexicographicallyPrecedes($1.key.text.utf8)
            }) {
                write(name.text)
                write(member)
            }
        }
    }
}

extension ByteWriter {
    /// Writes a number of either sign so that small ones are short.
    mutating func write(zigzag integer: Int64) {
        write(varying: UInt64(bitPattern: (integer << 1) ^ (integer >> 63)))
    }
}

extension ByteReader {
    /// Reads a value that lies no deeper than ``maximumClaimDepth``.
    package mutating func readClaimValue() -> ClaimValue? {
        readClaimValue(depth: 0)
    }

    private mutating func readClaimValue(depth: Int) -> ClaimValue? {
        guard depth <= maximumClaimDepth, let tag = readByte().flatMap(ClaimTag.init) else { return nil }
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
        var members: [ExactText: ClaimValue] = [:]
        while members.count < count {
            guard let name = readString(), let member = readClaimValue(depth: depth + 1) else { return nil }
            guard members.updateValue(member, forKey: ExactText(name)) == nil else { return nil }
        }
        return .object(members)
    }
}
