import Listening

/// What was given for a setting, and where.
struct Given: Sendable {
    /// One text, or as many as the setting may have; a flag's is `true` or `false`.
    let texts: [String]
    /// The option, the variable, or the file and the key.
    let origin: String

    /// A complaint about a text that is not accepted.
    func wrong(_ setting: Setting, _ text: String) -> CommandFailure {
        // An address of Redis may hold a password.
        let shown = setting == .storeAddress ? "what is given" : text.debugDescription
        return .usage("\(origin) must be \(setting.accepts), not \(shown)")
    }

    /// Whether the same was given, wherever.
    func isSame(as other: Given) -> Bool {
        texts.elementsEqual(other.texts) { $0.utf8.elementsEqual($1.utf8) }
    }
}
