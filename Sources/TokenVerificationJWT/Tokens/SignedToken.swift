import TokenVerification

/// The parts of a signed token in the compact serialization (RFC 7515 §7.1), read strictly and not verified yet.
///
/// A token's size is bounded by `BearerTokenFormat`, the nesting and the names of its JSON by the parser.
struct SignedToken {
    let header: Claims
    let payload: Claims
    /// What the signature is about: header and payload as they were sent.
    let signingInput: [UInt8]
    let signature: [UInt8]

    /// - Throws: `unreadable`, or `wrongType` for an encrypted token.
    init(_ token: BearerToken) throws(VerificationError) {
        let text = Array(token.exposedText.utf8)
        let parts = text.split(separator: Self.dot, omittingEmptySubsequences: false)
        guard parts.count == 3 else {
            throw VerificationError(parts.count == 5 ? .wrongType : .unreadable)
        }
        guard let header = Self.members(parts[0]), let payload = Self.members(parts[1]),
            let signature = Base64URL.decode(parts[2]), !signature.isEmpty
        else { throw VerificationError(.unreadable) }
        self.header = header
        self.payload = payload
        self.signature = signature
        signingInput = Array(text[..<parts[1].endIndex])
    }

    /// Header and payload of a token, as they were sent.
    static func signingInput(of token: BearerToken) -> [UInt8] {
        let text = token.exposedText.utf8
        return Array(text.lastIndex(of: dot).map { text[..<$0] } ?? text[...])
    }

    /// Whether a token can be a signed one at all.
    static func hasThreeParts(_ token: BearerToken) -> Bool {
        token.exposedText.utf8.count { $0 == dot } == 2
    }

    private static let dot = UInt8(ascii: ".")

    private static func members(_ part: ArraySlice<UInt8>) -> Claims? {
        guard !part.isEmpty, let bytes = Base64URL.decode(part) else { return nil }
        return try? JSONParser.claims(of: bytes)
    }
}
