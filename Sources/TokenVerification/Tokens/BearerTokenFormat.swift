/// Which texts are taken for bearer tokens.
///
/// The default is the grammar of RFC 6750 §2.1, up to 8192 bytes. Some servers give out others:
///
/// ```swift
/// let format = try BearerTokenFormat(maximumLength: 16_384, alsoAccepting: "|")   // Laravel Sanctum
/// let token = try BearerToken(authorization: header, format: format)
/// ```
public struct BearerTokenFormat: Sendable, Hashable {
    /// The length of the longest token, in bytes.
    public let maximumLength: Int

    /// A bit for each byte below 128 that a token may have, besides `=` at its end.
    private let low: UInt64
    private let high: UInt64

    /// RFC 6750 §2.1: letters, digits and `-._~+/`, then any number of `=`; at most 8192 bytes.
    public static let rfc6750 = BearerTokenFormat(length: BearerToken.maximumLength, further: [])

    /// Makes a format.
    ///
    /// - Parameters:
    ///   - maximumLength: the length of the longest token, from 1 to 65536 bytes.
    ///   - characters: what a token may have besides RFC 6750's characters, such as `|` (Laravel Sanctum),
    ///     `!` (Salesforce) or `:`; visible ASCII, but no comma, quote or back-slash, which mean something in a header
    ///     field, and no `=`, which is allowed at the end anyway.
    /// - Throws: ``ConfigurationError``.
    public init(
        maximumLength: Int = BearerToken.maximumLength,
        alsoAccepting characters: String = ""
    ) throws(ConfigurationError) {
        guard (1...65_536).contains(maximumLength) else {
            throw ConfigurationError(
                "a token's maximumLength must be from 1 to 65536 bytes, but is \(maximumLength)"
            )
        }
        let isVisible = characters.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard isVisible, characters.utf8.allSatisfy({ !",\"\\=".utf8.contains($0) }) else {
            throw ConfigurationError(
                "further characters of a token must be visible ASCII other than the comma, quotes, the back-slash and ="
            )
        }
        self.init(length: maximumLength, further: Array(characters.utf8))
    }

    private init(length: Int, further: [UInt8]) {
        maximumLength = length
        var (low, high): (UInt64, UInt64) = (0, 0)
        let letters = Array(0x41...0x5A) + Array(0x61...0x7A) + Array(0x30...0x39) as [UInt8]
        for byte in letters + Array("-._~+/".utf8) + further {
            if byte < 64 { low |= 1 << byte } else { high |= 1 << (byte - 64) }
        }
        (self.low, self.high) = (low, high)
    }

    /// Whether a token may have a byte before the `=` at its end.
    func accepts(_ byte: UInt8) -> Bool {
        guard byte < 128 else { return false }
        return byte < 64 ? low & 1 << byte != 0 : high & 1 << (byte - 64) != 0
    }
}
