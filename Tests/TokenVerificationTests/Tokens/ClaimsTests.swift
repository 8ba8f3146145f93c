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

    @Test func `have only what is whole when they were cut short`() {
        let whole: [String: ClaimValue] = ["a": .string("bc"), "d": .array([.integer(300)])]
        let encoded = Claims(whole).encoded
        let firstLength = Claims(["a": .string("bc")]).encoded.count
        for length in 0..<encoded.count {
            let claims = Claims(encoded: Array(encoded.prefix(length)))
            #expect(claims.members == (length < firstLength ? [:] : ["a": .string("bc")]))
            #expect(claims["d"] == nil)
        }
    }

    @Test func `survive any mutation`() {
        var generator = SeededGenerator()
        let original = Claims(Self.everything).encoded
        for _ in 0..<20_000 {
            let claims = Claims(encoded: generator.mutation(of: original))
            #expect(claims.members.count <= original.count, "seed \(generator.seed)")
            for name in Self.everything.keys { _ = claims[name] }
        }
    }
}
