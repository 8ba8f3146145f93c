/// An access token as a client presented it: RFC 6750 grammar, its text hidden from every way of printing.
///
/// ```swift
/// let token = try BearerToken(authorization: request.headers[.authorization])
/// ```
///
/// Whoever holds the text can act as its owner, so the text leaves a token only on its way to an authority.
public struct BearerToken: Sendable, Hashable {
    /// The length of the longest token that is accepted, in bytes.
    public static let maximumLength = 8192

    /// The token's text: 1…8192 bytes of visible ASCII.
    package let text: String

    /// Makes a token of its text.
    ///
    /// - Parameter text: `b64token` of RFC 6750 §2.1: letters, digits and `-._~+/`, then any number of `=`.
    /// - Throws: ``BearerTokenError/missing``, ``BearerTokenError/tooLong`` or ``BearerTokenError/malformed``.
    public init(_ text: some StringProtocol) throws(BearerTokenError) {
        let length = text.utf8.count
        guard length > 0 else { throw .missing }
        guard length <= Self.maximumLength else { throw .tooLong }
        // One type from here on: going through a generic text byte by byte takes six times as long.
        let text = String(text)
        var isPadded = false
        for byte in text.utf8 {
            if byte == UInt8(ascii: "=") {
                isPadded = true
            } else if isPadded || !Self.isTokenByte(byte) {
                throw .malformed
            }
        }
        guard text.utf8.first != UInt8(ascii: "=") else { throw .malformed }
        self.text = text
    }

    /// Makes a token of the value of an `Authorization` header field.
    ///
    /// The scheme's case is irrelevant (RFC 9110 §11.1).
    ///
    /// - Parameter header: the field's value, or `nil` if the request has none.
    /// - Throws: ``BearerTokenError``.
    public init(authorization header: String?) throws(BearerTokenError) {
        guard let header else { throw .missing }
        try self.init(authorization: [header])
    }

    /// Makes a token of all the `Authorization` header fields of a request.
    ///
    /// - Parameter headers: the fields' values. More than one is ambiguous and refused, even if they are alike.
    /// - Throws: ``BearerTokenError``.
    public init(authorization headers: [String]) throws(BearerTokenError) {
        guard let header = headers.first else { throw .missing }
        guard headers.count == 1 else { throw .repeated }
        let trimmed = header.drop { $0 == " " || $0 == "\t" }
        let scheme = trimmed.prefix { $0 != " " && $0 != "\t" }
        guard !scheme.isEmpty else { throw .missing }
        guard scheme.utf8.count == 6, scheme.lowercased() == "bearer" else { throw .otherScheme }
        var credentials = trimmed.dropFirst(scheme.count).drop { $0 == " " }
        while credentials.last == " " || credentials.last == "\t" { credentials.removeLast() }
        guard !credentials.isEmpty else { throw .malformed }
        try self.init(credentials)
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}

extension BearerToken: HiddenText {}
