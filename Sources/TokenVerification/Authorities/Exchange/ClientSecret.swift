/// The secret by which this server authenticates itself to an authority; hidden from every way of printing.
///
/// Line breaks at the end are no part of a secret: editors put one at the end of a file.
public struct ClientSecret: Sendable, Hashable {
    let text: String

    /// Takes over a secret.
    ///
    /// - Parameter text: the secret; line breaks at its end are dropped.
    /// - Throws: ``ConfigurationError`` for an empty text, a byte-order mark or another control character.
    public init(_ text: String) throws(ConfigurationError) {
        self.text = SecretText.withoutLineBreaks(text)
        try SecretText.validate(self.text, as: "the client secret")
    }

    /// The secret itself, for an authority that sends it to its server.
    ///
    /// To review a program, search it for `exposedText`: each place is one where a secret leaves its type.
    public var exposedText: String { text }

    public static func == (left: Self, right: Self) -> Bool { left.text.isExactly(right.text) }
}

extension ClientSecret: HiddenText {}
