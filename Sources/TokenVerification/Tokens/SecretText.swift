/// What holds for every secret that is a text, wherever it comes from: a file, a variable, a program.
///
/// Line breaks at the end are dropped, and something must be left. A byte-order mark or another control character is an
/// error, since it is what an editor or a shell left behind, and a secret that differs by one invisible character fails
/// far from its cause.
public enum SecretText {
    /// A secret that is a text.
    ///
    /// - Parameters:
    ///   - content: what a file or a variable holds.
    ///   - name: what the secret is called in messages.
    /// - Returns: the secret, without line breaks at its end.
    /// - Throws: ``ConfigurationError``, which shows nothing of the secret.
    public static func text(_ content: [UInt8], as name: String) throws(ConfigurationError) -> String {
        guard let text = String(validating: content, as: UTF8.self) else {
            throw ConfigurationError("\(name) is not UTF-8")
        }
        let secret = withoutLineBreaks(text)
        try validate(secret, as: name)
        return secret
    }

    /// A secret that is a text or random bytes.
    ///
    /// - Parameters:
    ///   - content: what a file or a variable holds. UTF-8 is a text, and anything else is bytes, every one of which
    ///     counts. A byte-order mark of UTF-16 at the beginning is an error: an editor saved a text so.
    ///   - name: what the secret is called in messages.
    /// - Returns: the secret's bytes.
    /// - Throws: ``ConfigurationError``, which shows nothing of the secret.
    public static func bytes(_ content: [UInt8], as name: String) throws(ConfigurationError) -> [UInt8] {
        guard String(validating: content, as: UTF8.self) != nil else {
            guard !content.starts(with: [0xFF, 0xFE]), !content.starts(with: [0xFE, 0xFF]) else {
                throw ConfigurationError(
                    "\(name) has a byte-order mark of UTF-16; save it as UTF-8 without one"
                )
            }
            return content
        }
        return Array(try text(content, as: name).utf8)
    }

    static func withoutLineBreaks(_ text: String) -> String {
        guard let last = text.utf8.last, isLineBreak(last) else { return text }
        let end = text.utf8.lastIndex { !isLineBreak($0) }.map(text.utf8.index(after:))
        return String(text[..<(end ?? text.startIndex)])
    }

    static func validate(_ text: String, as name: String) throws(ConfigurationError) {
        guard !text.isEmpty else { throw ConfigurationError("\(name) is empty") }
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0xFEFF:
                throw ConfigurationError("\(name) has a byte-order mark; save it as UTF-8 without one")
            case 0x0A, 0x0D: throw ConfigurationError("\(name) has a line break before its end")
            case 0x00...0x1F, 0x7F...0x9F: throw ConfigurationError("\(name) has a control character")
            default: break
            }
        }
    }

    private static func isLineBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
}
