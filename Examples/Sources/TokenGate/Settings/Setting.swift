import Listening

/// One thing that can be set: a row of the table that the options, the variables, the keys of the file, the help and the
/// reference come from.
package struct Setting: Sendable {
    /// What a value looks like.
    enum Kind: Sendable {
        /// How the help shows a value comes with it, such as `PATH`.
        case text(String)
        /// A switch, which as an option needs no value.
        case flag
        case number(ClosedRange<Int>, String = "N")
        case choice([String])
        /// Texts: an option that may be repeated, a variable with spaces between them, an array in the file.
        case list(String)
        /// Names with a text each: `NAME=TEXT` in an option or a variable, an object in the file.
        case pairs(String)
        /// Never an option: a variable, or a file that a variable or a key of the configuration names.
        case secret
    }

    /// Which objects of the file have it; the root of the file has all but those of an authority.
    enum Place: Sendable {
        /// None: it says which file is read.
        case commandLine
        case gate
        /// `authority` and `authorities.NAME`.
        case authority
        /// `authorities.NAME` only.
        case route
        /// `profiles.NAME` and `authorities.NAME`, too.
        case requirement
    }

    /// What SIGHUP does about a changed value.
    enum Change: Sendable {
        case live, restart
    }

    /// The option's name, such as `require-scope`.
    package let name: String
    /// The key in the file, such as `scopes`.
    let key: String
    let kind: Kind
    let place: Place
    /// What counts if nothing is given, in words.
    let preset: String
    /// What is accepted, in words that follow "must be".
    let accepts: String
    let change: Change
    let help: String
    private let isRight: @Sendable (String) -> Bool

    init(
        _ name: String,
        _ kind: Kind,
        _ help: String,
        key: String? = nil,
        place: Place = .gate,
        preset: String = "none",
        accepts: String? = nil,
        change: Change = .live,
        isRight: @escaping @Sendable (String) -> Bool = { !$0.isEmpty }
    ) {
        self.name = name
        self.key = key ?? (kind.isSecret ? name + "-file" : name)
        self.kind = kind
        self.place = place
        self.preset = preset
        self.accepts = accepts ?? kind.accepts
        self.change = change
        self.help = help
        self.isRight = isRight
    }

    package var option: String { "--" + name }

    /// `TOKEN_GATE_STORE` for `--store`.
    package var variable: String { "TOKEN_GATE_" + name.uppercased().replacing("-", with: "_") }

    /// The variable that names a file with the secret.
    var fileVariable: String { variable + "_FILE" }

    var hasOption: Bool { !kind.isSecret && place != .route }

    /// Whether a text is one of those that are accepted.
    func accepts(_ text: String) -> Bool {
        switch kind {
        case .flag: ["true", "false"].contains(text)
        case .number(let range, _): Int(text).map(range.contains) ?? false
        case .choice(let choices): choices.contains(text)
        case .pairs:
            text.utf8.first != UInt8(ascii: "=") && text.utf8.contains(UInt8(ascii: "=")) && isRight(text)
        case .text, .list, .secret: isRight(text)
        }
    }
}

extension Setting.Kind {
    var isSecret: Bool { if case .secret = self { true } else { false } }

    var isFlag: Bool { if case .flag = self { true } else { false } }

    /// Whether several texts may be given.
    var isPlural: Bool {
        switch self {
        case .list, .pairs: true
        default: false
        }
    }

    /// How the help shows a value; empty for a flag.
    var form: String {
        switch self {
        case .text(let form), .list(let form), .pairs(let form), .number(_, let form): form
        case .flag: ""
        case .choice(let choices): choices.joined(separator: "|")
        case .secret: "SECRET"
        }
    }

    fileprivate var accepts: String {
        switch self {
        case .text: "a text that is not empty"
        case .list: "texts that are not empty"
        case .flag: "true or false"
        case .number(let range, _): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .choice(let choices): choices.dropLast().joined(separator: ", ") + " or " + (choices.last ?? "")
        case .pairs(let form): form
        case .secret: "the path of a file"
        }
    }
}

extension Setting: Hashable {
    package static func == (left: Self, right: Self) -> Bool { left.name == right.name }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
    }
}
