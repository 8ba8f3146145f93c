/// An access token as a client presented it, in the grammar of RFC 6750, its text hidden from every way of printing.
///
/// ```swift
/// let token = try BearerToken(authorization: request.headers[.authorization])
/// ```
///
/// The text is all that a thief needs to act as the token's owner, so it leaves a token only on its way to an authority,
/// by ``exposedText``.
public struct BearerToken: Sendable, Hashable {
    /// The length of the longest token that is accepted by default, in bytes.
    public static let maximumLength = 8192

    /// The token's text: visible ASCII.
    package let text: String

    /// The token's text, for an authority that asks its server about it.
    ///
    /// To review a program, search it for `exposedText`: each place is one where a secret leaves its type. The text
    /// belongs into the request to the authority, and into no log, message or file.
    public var exposedText: String { text }

    /// Makes a token of its text.
    ///
    /// - Parameters:
    ///   - text: the text; by default `b64token` of RFC 6750 §2.1.
    ///   - format: which characters and what length are accepted.
    /// - Throws: ``VerificationError`` with the reason `noCredentials`, `tokenTooLong` or `malformedToken`.
    public init(
        _ text: some StringProtocol,
        format: BearerTokenFormat = .rfc6750
    ) throws(VerificationError) {
        let length = text.utf8.count
        guard length > 0 else { throw VerificationError(.noCredentials) }
        guard length <= format.maximumLength else {
            throw VerificationError(.tokenTooLong, detail: .tokenSize(limit: format.maximumLength))
        }
        // One type from here on: going through a generic text byte by byte takes six times as long.
        let text = String(text)
        var isPadded = false
        for byte in text.utf8 {
            if byte == UInt8(ascii: "=") {
                isPadded = true
            } else if isPadded || !format.accepts(byte) {
                throw VerificationError(.malformedToken)
            }
        }
        guard text.utf8.first != UInt8(ascii: "=") else { throw VerificationError(.malformedToken) }
        self.text = text
    }

    /// Makes a token of the value of an `Authorization` header field.
    ///
    /// The scheme's case is irrelevant (RFC 9110 §11.1).
    ///
    /// - Parameters:
    ///   - header: the field's value, or `nil` if the request has none.
    ///   - format: which characters and what length are accepted.
    /// - Throws: ``VerificationError`` of the code `missingCredentials` or `invalidRequest`.
    public init(
        authorization header: String?,
        format: BearerTokenFormat = .rfc6750
    ) throws(VerificationError) {
        guard let header else { throw VerificationError(.noCredentials) }
        try self.init(authorization: [header], format: format)
    }

    /// Makes a token of all the `Authorization` header fields of a request.
    ///
    /// - Parameters:
    ///   - headers: the fields' values. More than one is ambiguous and refused, even if they are alike.
    ///   - format: which characters and what length are accepted.
    /// - Throws: ``VerificationError`` of the code `missingCredentials` or `invalidRequest`.
    public init(
        authorization headers: [String],
        format: BearerTokenFormat = .rfc6750
    ) throws(VerificationError) {
        guard let header = headers.first else { throw VerificationError(.noCredentials) }
        guard headers.count == 1 else { throw VerificationError(.repeatedCredentials) }
        let trimmed = header.drop { $0 == " " || $0 == "\t" }
        let scheme = trimmed.prefix { $0 != " " && $0 != "\t" }
        guard !scheme.isEmpty else { throw VerificationError(.noCredentials) }
        guard scheme.utf8.count == 6, scheme.lowercased() == "bearer" else {
            throw VerificationError(.otherScheme)
        }
        var credentials = trimmed.dropFirst(scheme.count).drop { $0 == " " }
        while credentials.last == " " || credentials.last == "\t" { credentials.removeLast() }
        guard !credentials.isEmpty else { throw VerificationError(.malformedToken) }
        try self.init(credentials, format: format)
    }
}

extension BearerToken: HiddenText {}
