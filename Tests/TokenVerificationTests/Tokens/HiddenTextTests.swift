import CacheStores
import Testing
import TokenVerification

@Suite struct HiddenTextTests {
    private static func values() throws -> [any Sendable] {
        var content = VerifiedToken.Content(
            verifiedAt: .distantPast,
            claims: Claims(["hush": .string("hush")])
        )
        content.subject = "hush"
        content.audiences = ["hush"]
        let hush = String(repeating: "hush", count: 8)
        return [
            try BearerToken(hush), try SealingSecret(hush), VerifiedToken(content), content.claims,
            Verification(token: VerifiedToken(content), source: .store),
            try Sealing.secret(SealingSecret(hush)),
        ]
    }

    @Test func `prints in no way`() throws {
        for value in try Self.values() {
            var dumped = ""
            dump(value, to: &dumped)
            let texts = [
                "\(value)", String(reflecting: value), dumped, "\([value])", "\(Mirror(reflecting: value))",
            ]
            for text in texts { #expect(!text.contains("hush"), "\(type(of: value))") }
        }
    }

    @Test func `is not among the words of an error`() throws {
        for text in ["hush hush", String(repeating: "hush", count: 4_000)] {
            let error = #expect(throws: BearerTokenError.self) { try BearerToken(text) }
            #expect(error.map { "\($0) \(String(reflecting: $0))" }?.contains("hush") == false)
        }
    }
}
