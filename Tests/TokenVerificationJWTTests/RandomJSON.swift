/// A value of JSON as a text, and what a strict reader makes of it.
struct RandomJSON: Sendable, CustomStringConvertible {
    enum Meaning: Sendable, Equatable {
        /// Not JSON, or deeper than is read.
        case invalid
        case null, boolean, object
        case integer(Int64)
        /// A number with a fraction or an exponent, or out of range.
        case number
        case text(String)
        case texts([String])
        /// An array with an element that is no text.
        case array
    }

    let description: String
    let meaning: Meaning

    init(_ description: String, _ meaning: Meaning) {
        self.description = description
        self.meaning = meaning
    }

    static func text(_ text: String) -> RandomJSON { RandomJSON("\"\(text)\"", .text(text)) }

    /// What a member may become.
    static let pool: [RandomJSON] =
        [
            RandomJSON("null", .null), RandomJSON("true", .boolean), RandomJSON("false", .boolean),
            RandomJSON("0", .integer(0)), RandomJSON("-1", .integer(-1)), RandomJSON("1.5", .number),
            RandomJSON("1e300", .number), RandomJSON("-1E-300", .number),
            RandomJSON("1003600", .integer(1_003_600)), RandomJSON("1000000", .integer(1_000_000)),
            RandomJSON("4398046511104", .integer(1 << 42)),
            RandomJSON("4398046511105", .integer(1 << 42 + 1)),
            RandomJSON("9223372036854775807", .integer(.max)), RandomJSON("99999999999999999999", .number),
            RandomJSON(#""https:\/\/issuer.example""#, .text(issuerName)),
            RandomJSON(#""\u0068ttps://api.example""#, .text(audience)),
            RandomJSON("[]", .texts([])), RandomJSON(#"["\#(audience)"]"#, .texts([audience])),
            RandomJSON(#"["x", "\#(audience)"]"#, .texts(["x", audience])),
            RandomJSON(#"["\#(audience)",1]"#, .array), RandomJSON(#"[["\#(audience)"]]"#, .array),
            RandomJSON("{}", .object), RandomJSON(#"{"a":{"b":[1]}}"#, .object),
            RandomJSON(#"{"a":1,"a":1}"#, .invalid), RandomJSON("", .invalid), RandomJSON("NaN", .invalid),
            RandomJSON("01", .invalid), RandomJSON("+1", .invalid), RandomJSON("1.", .invalid),
            RandomJSON("0x1", .invalid), RandomJSON("tru", .invalid), RandomJSON("'x'", .invalid),
            RandomJSON("\"x", .invalid), RandomJSON(#""\x""#, .invalid), RandomJSON(#""\ud800""#, .invalid),
            RandomJSON("\"\u{1}\"", .invalid), RandomJSON("[1,]", .invalid), RandomJSON("1}", .invalid),
            RandomJSON(
                String(repeating: "[", count: 200) + String(repeating: "]", count: 200),
                .invalid
            ),
        ]
        + [
            "", "x", " ", "1003600", issuerName, issuerName + "/", audience, "ES256", "es256", "RS256",
            "none",
            "HS256", "k1", "K1", "JWT", "jwt", "at+JWT", "application/at+jwt", "application/", "sig",
            "verify",
            "EC", "P-256", "caf\u{E9}", "\u{1F511}",
        ].map(RandomJSON.text)
}

/// A JSON object whose members a test changes at random, and remembers.
struct RandomObject: Sendable, CustomStringConvertible {
    private(set) var members: [(name: String, value: RandomJSON)]

    init(_ members: KeyValuePairs<String, RandomJSON>) {
        self.members = members.map { ($0.key, $0.value) }
    }

    /// The object's text.
    var description: String {
        "{\(members.map { "\"\($0.name)\":\($0.value)" }.joined(separator: ","))}"
    }

    /// Whether a strict reader takes it: each value is JSON, and no name occurs twice.
    var isValid: Bool {
        Set(members.map(\.name)).count == members.count
            && !members.contains { $0.value.meaning == .invalid }
    }

    /// What a member means; `nil` if there is none.
    subscript(name: String) -> RandomJSON.Meaning? { members.first { $0.name == name }?.value.meaning }

    /// Replaces, removes, doubles or adds one member.
    mutating func change(
        adding names: [String],
        using generator: inout some RandomNumberGenerator
    ) {
        guard let value = RandomJSON.pool.randomElement(using: &generator),
            let place = members.indices.randomElement(using: &generator),
            let name = names.randomElement(using: &generator)
        else { return }
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: if members.count > 1 { members.remove(at: place) }
        case 1: members.append((members[place].name, value))
        case 2...4: members[place].value = value
        default: members.append((name, value))
        }
        members.shuffle(using: &generator)
    }
}
