import Testing
import TokenVerification

@Suite(.timeLimit(.minutes(10))) struct JSONParserTests {
    @Test(arguments: [
        ("0", ClaimValue.integer(0)), ("-0", .integer(0)), ("-12", .integer(-12)), ("1.50", .number(1.5)),
        ("1E+2", .number(100)), ("9223372036854775807", .integer(.max)),
        ("9223372036854775808", .largeInteger("9223372036854775808")),
        ("1e400", .number(.infinity)), (#""\"\\\/\b\f\n\r\t\u0041""#, .string("\"\\/\u{8}\u{C}\n\r\tA")),
        (#""\ud834\udd1e""#, .string("𝄞")), (" [ ] ", .array([])),
        ("{\"a\" : {} }", .object(["a": .object([:])])),
        ("\t\r\n null", .null),
    ])
    func `reads a value`(text: String, value: ClaimValue) throws {
        #expect(try JSONParser.value(of: Array(text.utf8)) == value)
    }

    @Test(arguments: [
        "", " ", "01", "-", "-a", "1.", ".5", "1e", "1e+", "+1", "0x1", "NaN", "Infinity", "tru", "nul",
        "[1,]", "[1 2]", "[",
        "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "\"", "\"\\\"", "\"\\x\"",
        "\"\\u12\"", "\"\\u12g4\"",
        "\"\\udc00\"", "\"\\ud800x\"", "\"\\ud800\\u0041\"", "\"\n\"", "\"\u{1F}\"", "1 2", "{}x", "\u{0}",
        "-01",
    ])
    func `refuses what is no JSON`(text: String) {
        #expect(throws: JSONError.self) { try JSONParser.value(of: Array(text.utf8)) }
    }

    @Test(
        arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]]
            as [[UInt8]]
    )
    func `refuses what is no UTF-8`(bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try JSONParser.value(of: [0x22] + bytes + [0x22]) }
        #expect(throws: JSONError.self) { try JSONParser.value(of: [0x22, 0x5C, 0x6E] + bytes + [0x22]) }
    }

    @Test func `allows 32 levels and no more`() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array(repeating: UInt8(ascii: "["), count: depth)
                + Array(repeating: UInt8(ascii: "]"), count: depth)
        }
        _ = try JSONParser.value(of: nested(33))
        #expect(throws: JSONError.self) { try JSONParser.value(of: nested(34)) }
        #expect(throws: JSONError.self) { try JSONParser.value(of: nested(1_000_000)) }
        func member(_ depth: Int) -> [UInt8] { Array(#"{"a":"#.utf8) + nested(depth) + [UInt8(ascii: "}")] }
        _ = try JSONParser.claims(of: member(32))
        #expect(throws: JSONError.self) { try JSONParser.claims(of: member(33)) }
    }

    @Test func `writes an object as its members would be encoded`() throws {
        let long = String(repeating: "é", count: 100)
        let text =
            #"{"z":{"b":[1,{}],"a":"\u00e9"},"é":"\#(long)","e":null,"":[-1.5,[true]],"ab":99999999999999999999}"#
        let members: [ExactText: ClaimValue] = [
            "z": .object(["a": .string("é"), "b": .array([.integer(1), .object([:])])]),
            "é": .string(long), "e": .null, "": .array([.number(-1.5), .array([.boolean(true)])]),
            "ab": .largeInteger("99999999999999999999"),
        ]
        let claims = try JSONParser.claims(of: Array(text.utf8))
        #expect(claims == Claims(members))
        #expect(claims.members == members)
        #expect(try JSONParser.value(of: Array(text.utf8)) == .object(members))
    }

    @Test func `takes names for different that differ in their bytes`() throws {
        let text = #"{"é":1,"x":{"K":1,"\u212a":2},"e\u0301":3}"#
        let members: [ExactText: ClaimValue] = [
            "\u{E9}": .integer(1), "e\u{301}": .integer(3),
            "x": .object(["K": .integer(1), "\u{212A}": .integer(2)]),
        ]
        #expect(try JSONParser.claims(of: Array(text.utf8)).members == members)
    }

    @Test func `ignores a byte-order mark before an answer, once`() throws {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = Array(#"{"a":1}"#.utf8)
        #expect(try Claims(json: mark + text) == Claims(["a": .integer(1)]))
        for bytes in [mark, mark + mark + text, text + mark, [0xFE, 0xFF] + text] {
            #expect(throws: JSONError.self) { try Claims(json: bytes) }
        }
    }

    /// Around the lengths at which a length takes one byte more.
    @Test(arguments: [0, 125, 126, 127, 128, 16_380, 16_381, 16_382, 16_383, 16_384, 70_000])
    func `reads a member of any length`(length: Int) throws {
        let long = ClaimValue.string(String(repeating: "x", count: length))
        let members: [ExactText: ClaimValue] = [
            "a": long, "b": .array([long, .object(["c": long])]), "d": .integer(1),
        ]
        let text = #"{"d":1,"b":[L,{"c":L}],"a":L}"#
            .replacing("L", with: "\"\(String(repeating: "x", count: length))\"")
        #expect(try JSONParser.claims(of: Array(text.utf8)).members == members)
    }

    @Test(arguments: [
        #"{"a":1,"b":2,"a":3}"#, #"{"a":1,"\u0061":1}"#, "[]", "1", "",
        #"{"a":{"b":1,"b":1}}"#, #"{"a":1}}"#, #"{"a":1"#, #"{"a":"\"#,
        #"{"a":"\"}"#,
    ])
    func `refuses what is no object with names of its own`(text: String) {
        #expect(throws: JSONError.self) { try JSONParser.claims(of: Array(text.utf8)) }
    }
}
