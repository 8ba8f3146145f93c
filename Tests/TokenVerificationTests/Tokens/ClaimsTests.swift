import Testing
import TokenVerification

@Suite struct ClaimsTests {
    static let everything: [String: ClaimValue] = [
        "null": .null, "no": .boolean(false), "yes": .boolean(true), "text": .string("Zoë\u{0}"),
        "small": .integer(-1), "least": .integer(.min), "most": .integer(.max), "half": .number(0.5),
        "large": .largeInteger("9223372036854775808"),
        "nested": .array([.object(["a": .array([.integer(1)])]), .object([:]), .array([])]),
    ]

    @Test func `come back as they were`() {
        let claims = Claims(Self.everything)
        #expect(claims.members == Self.everything)
        #expect(Claims(encoded: claims.encoded) == claims)
    }

    @Test(arguments: everything.keys)
    func `are decoded one at a time`(name: String) {
        #expect(Claims(Self.everything)[name] == Self.everything[name])
    }

    @Test func `don't have what was not said`() {
        #expect(Claims(Self.everything)["absent"] == nil)
    }

    @Test func `are refused when cut short anywhere`() {
        let encoded = Claims(["a": .string("bc"), "d": .array([.integer(300)])]).encoded
        let wholeMembers = Claims(["a": .string("bc")]).encoded.count
        for length in 1..<encoded.count where length != wholeMembers {
            #expect(Claims(encoded: Array(encoded.prefix(length))) == nil)
        }
    }
}
