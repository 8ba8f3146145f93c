/// A text that equals another only if both are the same bytes: the name of a member of a JSON object.
///
/// `String` takes texts for equal that are spelled differently in Unicode, such as `é` in one character or in two. As
/// keys of a dictionary they would be one member.
///
/// ```swift
/// let city = caller.claims["address"]?.object?["locality"]?.string
/// ```
public struct ExactText: Sendable {
    /// The text, as it was given.
    public let text: String

    /// Makes a text that is compared byte by byte.
    ///
    /// - Parameter text: any text; nothing of it is changed.
    public init(_ text: String) {
        self.text = text
    }
}

extension ExactText: Hashable {
    public static func == (left: Self, right: Self) -> Bool { left.text.isExactly(right.text) }

    public func hash(into hasher: inout Hasher) {
        // Equal bytes have equal hashes, and that is all that a hash has to promise.
        hasher.combine(text)
    }
}

extension ExactText: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) {
        self.init(text)
    }
}

extension ExactText: CustomStringConvertible {
    public var description: String { text }
}
