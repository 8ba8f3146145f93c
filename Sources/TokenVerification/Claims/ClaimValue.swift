/// A JSON value (RFC 8259) whose integers stay exact.
public enum ClaimValue: Sendable, Hashable {
    /// `null`.
    case null
    /// `true` or `false`.
    case boolean(Bool)
    /// A number without fraction or exponent that 64 bits hold.
    case integer(Int64)
    /// A number with a fraction or an exponent, as the nearest double; infinite if it is beyond all doubles.
    case number(Double)
    /// A number without fraction or exponent that 64 bits don't hold: its digits, with a sign if negative.
    case largeInteger(String)
    /// A text; another text is equal only if both are the same bytes.
    case string(String)
    /// An array, in the order in which it was sent.
    case array([ClaimValue])
    /// An object; the names of its members are compared byte by byte, and their order is not kept.
    case object([ExactText: ClaimValue])
}

extension ClaimValue {
    /// Texts and names are compared byte by byte.
    public static func == (left: ClaimValue, right: ClaimValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.boolean(let left), .boolean(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.largeInteger(let left), .largeInteger(let right)): left.isExactly(right)
        case (.string(let left), .string(let right)): left.isExactly(right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }
}

extension ClaimValue {
    /// The text, if it is one.
    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The integer, if it is one that 64 bits hold.
    public var integer: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }

    /// The truth value, if it is one.
    public var boolean: Bool? {
        if case .boolean(let value) = self { value } else { nil }
    }

    /// The elements, if it is an array.
    public var array: [ClaimValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// How many arrays and objects lie within one another.
    package var depth: Int {
        switch self {
        case .array(let elements): 1 + (elements.lazy.map(\.depth).max() ?? 0)
        case .object(let members): 1 + (members.values.lazy.map(\.depth).max() ?? 0)
        default: 0
        }
    }

    /// The members, if it is an object.
    public var object: [ExactText: ClaimValue]? {
        if case .object(let members) = self { members } else { nil }
    }
}
