import Testing
import TokenVerification

@Suite(.timeLimit(.minutes(10))) struct SecretTextTests {
    private static let secret = "zażółć gęślą jaźń 0123456789 hush"

    @Test(arguments: ["", "\n", "\r\n", "\r", "\n\n", "\r\n\r\n\n"])
    func `has no line breaks at its end`(end: String) throws {
        let content = Array((Self.secret + end).utf8)
        #expect(try SecretText.text(content, as: "it") == Self.secret)
        #expect(try SecretText.bytes(content, as: "it") == Array(Self.secret.utf8))
        #expect(try ClientSecret(Self.secret + end).exposedText == Self.secret)
        let sealing = try SealingSecret(Self.secret)
        #expect(try SealingSecret(Self.secret + end).identifier == sealing.identifier)
        #expect(try SealingSecret(content: content).identifier == sealing.identifier)
    }

    @Test func `keeps spaces, which may be meant`() throws {
        #expect(try SecretText.text(Array("  a b \n".utf8), as: "it") == "  a b ")
    }

    @Test(arguments: [
        ("\u{FEFF}hush", "byte-order mark"), ("hu\u{FEFF}sh", "byte-order mark"), ("hu\nsh", "line break"),
        ("hu\r\nsh\n", "line break"), ("hu\tsh", "control character"), ("hush\u{0}", "control character"),
        ("hush\u{7F}", "control character"), ("hush\u{85}", "control character"),
    ])
    func `refuses what an editor left behind, and shows nothing of it`(text: String, fault: String) throws {
        let content = Array((text + String(repeating: "hush", count: 8)).utf8)
        let errors = try [
            #require(throws: ConfigurationError.self) { try SecretText.text(content, as: "the secret") },
            #require(throws: ConfigurationError.self) { try SecretText.bytes(content, as: "the secret") },
            #require(throws: ConfigurationError.self) { try SealingSecret(content: content) },
            #require(throws: ConfigurationError.self) {
                try SealingSecret(String(decoding: content, as: UTF8.self))
            },
            #require(throws: ConfigurationError.self) {
                try GitHubApplication(
                    clientID: "api",
                    clientSecret: ClientSecret(String(decoding: content, as: UTF8.self)),
                    transport: ScriptedTransport()
                )
            },
        ]
        for error in errors {
            #expect(error.message.contains(fault) && !error.message.contains("hush"), "\(error.message)")
        }
        for authentication in ClientAuthentication.allCases {
            #expect(throws: ConfigurationError.self) {
                try IntrospectionEndpoint(
                    url: "https://issuer.example",
                    clientID: "api",
                    clientSecret: ClientSecret(String(decoding: content, as: UTF8.self)),
                    authentication: authentication,
                    transport: ScriptedTransport()
                )
            }
        }
    }

    @Test(arguments: ["", "\n", "\r\n\n"]) func `is not empty`(text: String) throws {
        let errors = try [
            #require(throws: ConfigurationError.self) { try SecretText.text(Array(text.utf8), as: "it") },
            #require(throws: ConfigurationError.self) { try SealingSecret(content: Array(text.utf8)) },
            #require(throws: ConfigurationError.self) {
                try GitHubApplication(
                    clientID: "api",
                    clientSecret: ClientSecret(text),
                    transport: ScriptedTransport()
                )
            },
        ]
        for error in errors { #expect(error.message.hasSuffix("is empty"), "\(error.message)") }
    }

    @Test(arguments: [[0xFF, 0xFE], [0xFE, 0xFF]] as [[UInt8]])
    func `is no text in UTF-16`(mark: [UInt8]) throws {
        let content = mark + Self.secret.utf8.flatMap { [$0, 0] }
        let error = try #require(throws: ConfigurationError.self) { try SealingSecret(content: content) }
        #expect(error.message.contains("byte-order mark") && !error.message.contains("hush"))
    }

    /// A secret of random bytes counts to its last byte, whatever that is.
    @Test func `may be bytes where it seals`() throws {
        let random = [UInt8](repeating: 0xFF, count: 32) + [0x0A]
        #expect(try SecretText.bytes(random, as: "it") == random)
        #expect(try SealingSecret(content: random).identifier == SealingSecret(random).identifier)
        #expect(try SealingSecret(content: random).identifier != SealingSecret(random.dropLast()).identifier)
        #expect(throws: ConfigurationError.self) { try SecretText.text(random, as: "it") }
    }
}
