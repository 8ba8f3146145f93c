#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// base64url without padding (RFC 7515 §2).
enum Base64URL {
    /// Decodes the one canonical spelling: no padding, no other characters, no bits after the last byte.
    ///
    /// A second spelling of a signature would be a second token for a cache or a list of revoked tokens.
    static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        let bytes = decodeLeniently(text)
        return encode(bytes).utf8.elementsEqual(text) ? bytes : nil
    }

    /// Decodes any spelling that some reader might take: to find out whether a text could be a signed token.
    ///
    /// Characters of neither base64 nor base64url are skipped, and so is what is left behind the last whole byte.
    static func decodeLeniently(_ text: some Collection<UInt8>) -> [UInt8] {
        var standard = text.compactMap(standardCharacter)
        if standard.count % 4 == 1 { standard.removeLast() }
        standard += Array(repeating: UInt8(ascii: "="), count: (4 - standard.count % 4) % 4)
        return Data(base64Encoded: Data(standard)).map { Array($0) } ?? []
    }

    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        let standard = Data(bytes).base64EncodedString().utf8.prefix { $0 != UInt8(ascii: "=") }
        let characters = standard.map { character in
            switch character {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            default: character
            }
        }
        return String(decoding: characters, as: UTF8.self)
    }

    /// The character of base64 for one of base64 or base64url; `nil` for any other.
    private static func standardCharacter(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "-"): UInt8(ascii: "+")
        case UInt8(ascii: "_"): UInt8(ascii: "/")
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            character
        default: nil
        }
    }
}
