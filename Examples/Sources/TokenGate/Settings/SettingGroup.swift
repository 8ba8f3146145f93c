import Listening
import TokenVerification

/// What was given in one place: at the root, for an authority, or for a profile.
///
/// Every value is one that is accepted.
struct SettingGroup: Sendable {
    /// Its path in the file, such as `profiles.orders`; empty for the root.
    let name: String
    private(set) var given: [Setting: Given] = [:]
    private(set) var secrets: [Setting: GivenSecret] = [:]

    init(name: String) {
        self.name = name
    }

    /// Takes a value in.
    ///
    /// - Throws: `CommandFailure` for a value that is not accepted.
    mutating func give(_ texts: [String], for setting: Setting, from origin: String) throws(CommandFailure) {
        let texts = setting.kind.isFlag ? texts.map(Self.truth) : texts
        let value = Given(texts: texts, origin: origin)
        for text in texts where !setting.accepts(text) { throw value.wrong(setting, text) }
        given[setting] = value
    }

    mutating func give(_ secret: GivenSecret, for setting: Setting) {
        secrets[setting] = secret
    }

    /// Takes over what another group has for a setting, or that it has nothing.
    mutating func take(_ setting: Setting, from other: SettingGroup) {
        given[setting] = other.given[setting]
        secrets[setting] = other.secrets[setting]
    }

    /// Whether both have the same for a setting.
    func agrees(with other: SettingGroup, on setting: Setting) -> Bool {
        let isSame =
            switch (given[setting], other.given[setting]) {
            case (nil, nil): true
            case (let own?, let others?): own.isSame(as: others)
            default: false
            }
        return isSame && secrets[setting]?.bytes == other.secrets[setting]?.bytes
    }

    func has(_ setting: Setting) -> Bool { given[setting] != nil || secrets[setting] != nil }

    /// Where a setting was given, or what would give it.
    func origin(of setting: Setting) -> String {
        given[setting]?.origin ?? secrets[setting]?.origin ?? call(setting)
    }

    /// What would give a setting here.
    func call(_ setting: Setting) -> String {
        guard name.isEmpty else { return "\(name).\(setting.key)" }
        return setting.hasOption ? setting.option : "\(setting.variable) or its …_FILE"
    }

    func text(_ setting: Setting) -> String? { given[setting]?.texts.last }

    func list(_ setting: Setting) -> [String]? { given[setting]?.texts }

    func flag(_ setting: Setting) -> Bool { text(setting) == "true" }

    func number(_ setting: Setting) -> Int? { text(setting).flatMap { Int($0) } }

    func seconds(_ setting: Setting) -> Duration? { number(setting).map { .seconds($0) } }

    func choice<Choice: RawRepresentable<String>>(_ setting: Setting) -> Choice? {
        text(setting).flatMap { Choice(rawValue: $0) }
    }

    /// Names with a text each, in the order in which they were given.
    func pairs(_ setting: Setting) -> [(name: String, text: String)] {
        (given[setting]?.texts ?? []).map { text in
            let name = text.utf8.prefix { $0 != UInt8(ascii: "=") }
            return (String(Substring(name)), String(Substring(text.utf8.dropFirst(name.count + 1))))
        }
    }

    func secret(_ setting: Setting) throws(CommandFailure) -> String? { try secrets[setting]?.text() }

    /// What is unwise about secrets.
    var warnings: [String] { secrets.values.compactMap(\.warning).sorted() }

    private static func truth(_ text: String) -> String {
        switch text.lowercased() {
        case "true", "yes", "on", "1": "true"
        case "false", "no", "off", "0": "false"
        default: text
        }
    }
}
