/// The secret by which this server authenticates itself to an authority; hidden from every way of printing.
///
/// Line breaks at the end are no part of a secret: editors put one at the end of a file.
public struct ClientSecret: Sendable, Hashable {
    let text: String

    public init(_ text: String) {
        self.text = SecretText.withoutLineBreaks(text)
    }

    /// The secret itself, for an authority that sends it to its server.
    ///
    /// To review a program, search it for `exposedText`: each place is one where a secret leaves its type.
    public var exposedText: String { text }

    public static func == (left: Self, right: Self) -> Bool { left.text.isExactly(right.text) }

    /// The secret, if it can be one.
    ///
    /// - Throws: ``ConfigurationError`` for an empty text, a byte-order mark or another control character.
    func checked() throws(ConfigurationError) -> String {
        try SecretText.validate(text, as: "the client secret")
        return text
    }
}

extension ClientSecret: HiddenText {}
