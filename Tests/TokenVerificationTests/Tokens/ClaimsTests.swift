import CacheStoresTesting
import Testing
import TokenVerification

@Suite(.timeLimit(.minutes(10))) struct ClaimsTests {
    static let everything: [ExactText: ClaimValue] = [
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
    func `are decoded one at a time`(name: ExactText) {
        #expect(Claims(Self.everything)[name.text] == Self.everything[name])
    }

    /// `é` in one character and in two, and the Kelvin sign, which Unicode takes for the letter K.
    @Test func `tell names and texts apart by their bytes`() throws {
        let claims = Claims([
            "\u{E9}": .integer(1), "e\u{301}": .integer(2), "K": .integer(3), "\u{212A}": .integer(4),
        ])
        #expect(claims.members.count == 4)
        #expect(claims["e\u{301}"] == .integer(2) && claims.members["\u{E9}"] == .integer(1))
        #expect(claims["K"] == .integer(3) && claims.members["\u{212A}"] == .integer(4))
        #expect(ClaimValue.string("K") != .string("\u{212A}"))
        #expect(ClaimValue.object(["K": .null]) != .object(["\u{212A}": .null]))
        #expect(Claims(["x": .string("K")]) != Claims(["x": .string("\u{212A}")]))
    }

    @Test func `don't have what was not said`() {
        #expect(Claims(Self.everything)["absent"] == nil)
    }

    @Test func `have only what is whole when they were cut short`() {
        let whole: [ExactText: ClaimValue] = ["a": .string("bc"), "d": .array([.integer(300)])]
        let encoded = Claims(whole).encoded
        let firstLength = Claims(["a": .string("bc")]).encoded.count
        for length in 0..<encoded.count {
            let claims = Claims(encoded: Array(encoded.prefix(length)))
            #expect(claims.members == (length < firstLength ? [:] : ["a": .string("bc")]))
            #expect(claims["d"] == nil)
        }
    }

    @Test func `survive any mutation`() async {
        var generator = SplitMix64()
        let original = Claims(Self.everything).encoded
        for round in 0..<20_000 {
            if round.isMultiple(of: 100) { await Task.yield() }
            let claims = Claims(encoded: generator.mutation(of: original))
            #expect(claims.members.count <= original.count, "seed \(SplitMix64.fuzzSeed)")
            for name in Self.everything.keys { _ = claims[name.text] }
        }
    }
}
