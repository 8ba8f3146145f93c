import TokenVerification

/// What a token seems to be, read without any proof: enough to choose a verifier, and for nothing else.
enum UnverifiedToken {
    /// No signed token.
    case opaque
    /// A signed token; its issuer is `nil` if it names none, or can't be read.
    case signed(issuer: String?)

    /// Three parts and a JSON header with `alg` make a signed token.
    ///
    /// Five parts make an encrypted one, whose issuer can't be read.
    ///
    /// The encoding is read as a lenient reader would: a token in an odd spelling must not pass for an opaque one, and
    /// be shown to another authority. A header that only looks like JSON counts as one for the same reason.
    init(_ token: BearerToken) {
        let parts = token.exposedText.utf8.split(
            separator: UInt8(ascii: "."),
            omittingEmptySubsequences: false
        )
        guard parts.count == 3 || parts.count == 5 else {
            self = .opaque
            return
        }
        let header = Base64URL.decodeLeniently(parts[0])
        let start = header.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
        guard start == UInt8(ascii: "{") else {
            self = .opaque
            return
        }
        guard let members = try? Claims(json: header) else {
            self = .signed(issuer: nil)
            return
        }
        guard members["alg"] != nil else {
            self = .opaque
            return
        }
        guard parts.count == 3 else {
            self = .signed(issuer: nil)
            return
        }
        let payload = try? Claims(json: Base64URL.decodeLeniently(parts[1]))
        self = .signed(issuer: payload?["iss"]?.string)
    }
}
