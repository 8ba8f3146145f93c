import Testing
import TokenVerification

/// Secrets that seal records.
@Suite struct SealingSecretTests {
    @Test func `takes secrets that are texts, and refuses short ones`() throws {
        let text = String(repeating: "s", count: 32)
        let identifiers = try [text, text + "2"].map { try SealingSecret($0).identifier }
        #expect(try Sealing.secret(text, previous: [text + "2"]).secrets.map(\.identifier) == identifiers)
        #expect(throws: ConfigurationError.self) { try Sealing.secret("short") }
        let error = #expect(throws: ConfigurationError.self) {
            try Sealing.secret(text, previous: [text, "short"])
        }
        #expect(error?.message.hasPrefix("previous[1]: ") == true)
    }

    @Test(arguments: [0, 1, 31])
    func `refuses a short secret without repeating it`(length: Int) throws {
        let text = String(repeating: "q", count: length)
        let error = #expect(throws: ConfigurationError.self) { try SealingSecret(text) }
        #expect(length == 0 || error?.description.contains(text + "q") == false)
    }
}
