/// An asymmetric signature algorithm of RFC 7518 §3.1, RFC 8037 or RFC 9864.
///
/// There is no value for `none` or for the HMAC algorithms, so a token that names one is refused.
public struct SigningAlgorithm: Sendable, Hashable, CaseIterable, CustomStringConvertible {
    enum Name: String, CaseIterable {
        case rs256 = "RS256"
        case rs384 = "RS384"
        case rs512 = "RS512"
        case ps256 = "PS256"
        case ps384 = "PS384"
        case ps512 = "PS512"
        case es256 = "ES256"
        case es384 = "ES384"
        case es512 = "ES512"
        case edDSA = "EdDSA"
        case ed25519 = "Ed25519"
    }

    let name: Name

    /// RSASSA-PKCS1-v1_5 with SHA-256.
    public static let rs256 = Self(name: .rs256)
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    public static let rs384 = Self(name: .rs384)
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    public static let rs512 = Self(name: .rs512)
    /// RSASSA-PSS with SHA-256 and a salt of 32 bytes.
    public static let ps256 = Self(name: .ps256)
    /// RSASSA-PSS with SHA-384 and a salt of 48 bytes.
    public static let ps384 = Self(name: .ps384)
    /// RSASSA-PSS with SHA-512 and a salt of 64 bytes.
    public static let ps512 = Self(name: .ps512)
    /// ECDSA on P-256 with SHA-256.
    public static let es256 = Self(name: .es256)
    /// ECDSA on P-384 with SHA-384.
    public static let es384 = Self(name: .es384)
    /// ECDSA on P-521 with SHA-512.
    public static let es512 = Self(name: .es512)
    /// EdDSA (RFC 8037); only the curve Ed25519 is known here.
    public static let edDSA = Self(name: .edDSA)
    /// The same under its newer name (RFC 9864).
    public static let ed25519 = Self(name: .ed25519)

    public static let allCases = Name.allCases.map(Self.init(name:))

    private init(name: Name) {
        self.name = name
    }

    /// The algorithm of a name, which is compared byte by byte: `RS256` is one, `rs256` is none.
    public init?(_ name: String) {
        guard let found = Name.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name.utf8) }) else {
            return nil
        }
        self.name = found
    }

    /// The name as `alg` has it.
    public var description: String { name.rawValue }
}
