import CacheStoresTesting
import Testing
import TokenVerification

/// T18 in `Behaviour.md`: the grammar of RFC 6750 §2.1 and a maximum length.
@Suite(.timeLimit(.minutes(10))) struct BearerTokenTests {
    static let eightKilobytes = String(repeating: "a", count: 8_192)

    @Test(arguments: ["a", "abc==", "A-._~+/9", "x=", eightKilobytes])
    func `T18 accepts the grammar`(text: String) throws {
        #expect(try BearerToken(authorization: "Bearer " + text) == BearerToken(text))
    }

    @Test(arguments: [
        "=", "==", "a=b", "a b", "a\u{0}", "a\r\n", "é", "a,b", "\"a\"", "a;b", "Bearer a", "a\u{7F}",
        "a\u{301}",
    ])
    func `T18 refuses what the grammar does not allow`(text: String) {
        #expect(throws: VerificationError(.malformedToken)) { try BearerToken(text) }
        #expect(throws: VerificationError(.malformedToken)) {
            try BearerToken(authorization: "Bearer " + text)
        }
    }

    @Test func `refuses nothing and too much`() {
        #expect(throws: VerificationError(.noCredentials)) { try BearerToken("") }
        #expect(throws: VerificationError(.tokenTooLong)) { try BearerToken(Self.eightKilobytes + "a") }
        let megabyte = String(repeating: "a", count: 1 << 20)
        #expect(throws: VerificationError(.tokenTooLong)) {
            try BearerToken(authorization: "Bearer " + megabyte)
        }
    }

    @Test(arguments: ["1|abcdef", "00D50!AQ4.x", "a:b", "a|b!c:d="])
    func `accepts further characters only when told so`(text: String) throws {
        #expect(throws: VerificationError(.malformedToken)) {
            try BearerToken(authorization: "Bearer " + text)
        }
        let format = try BearerTokenFormat(alsoAccepting: "|!:")
        #expect(try BearerToken(authorization: "Bearer " + text, format: format).exposedText == text)
        for other in ["a,b", "a b", "a;b", "=a", "a=b", "é"] {
            #expect(throws: VerificationError(.malformedToken)) { try BearerToken(other, format: format) }
        }
    }

    @Test func `accepts longer tokens only when told so, and says which limit it was`() throws {
        let text = Self.eightKilobytes + "a"
        let format = try BearerTokenFormat(maximumLength: 8_193)
        #expect(try BearerToken(authorization: ["Bearer " + text], format: format).exposedText == text)
        let error = #expect(throws: VerificationError(.tokenTooLong)) {
            try BearerToken(text + "a", format: format)
        }
        #expect(error?.detail == .tokenSize(limit: 8_193))
        let explanation = error.flatMap { BearerChallenge($0).explanation }
        #expect(explanation == "The bearer token is too long: the limit is 8193 bytes")
    }

    @Test(arguments: [0, -1, 65_537])
    func `refuses a length that can't work`(length: Int) {
        #expect(throws: ConfigurationError.self) { try BearerTokenFormat(maximumLength: length) }
    }

    @Test(arguments: [" ", ",", "\"", "\\", "=", "é", "\n", "|,"])
    func `refuses characters that mean something in a header`(characters: String) {
        #expect(throws: ConfigurationError.self) { try BearerTokenFormat(alsoAccepting: characters) }
    }

    @Test(arguments: ["bearer abc", "BEARER abc", "BeArEr   abc", "  Bearer abc  ", "Bearer abc\t"])
    func `T18 takes the scheme in any case`(header: String) throws {
        #expect(try BearerToken(authorization: header) == BearerToken("abc"))
    }

    @Test(arguments: [
        ("Basic abc", VerificationError.Reason.otherScheme), ("Bearerabc", .otherScheme),
        ("Bearer", .malformedToken), ("Bearer ", .malformedToken), ("", .noCredentials),
        ("   ", .noCredentials), ("Bearer a, Bearer b", .malformedToken),
        ("Bеarer abc", .otherScheme),
    ])
    func `tells the faults of a header apart`(header: String, reason: VerificationError.Reason) {
        #expect(throws: VerificationError(reason)) { try BearerToken(authorization: header) }
    }

    @Test func `refuses two sets of credentials even if they are alike`() {
        #expect(throws: VerificationError(.repeatedCredentials)) {
            try BearerToken(authorization: ["Bearer a", "Bearer a"])
        }
        #expect(throws: VerificationError(.noCredentials)) { try BearerToken(authorization: [String]()) }
        #expect(throws: VerificationError(.noCredentials)) { try BearerToken(authorization: nil) }
    }

    @Test func `survives any mutation of a header`() async {
        var generator = SplitMix64()
        let headers = ["Bearer abc.def-ghi==", "bearer  x", "Basic dXNlcjpwYXNz", "Bearer é\u{0}"]
        for round in 0..<20_000 {
            if round.isMultiple(of: 100) { await Task.yield() }
            let bytes = generator.mutation(of: Array(headers[round % headers.count].utf8))
            guard let token = try? BearerToken(authorization: String(decoding: bytes, as: UTF8.self)) else {
                continue
            }
            #expect((try? BearerToken(authorization: "Bearer " + token.text)) == token)
        }
    }
}
