import Crypto
import CryptoExtras
import Foundation
import TokenVerification
import TokenVerificationJWT

/// A private key of each type that signs tokens for a test.
struct TestKey: Sendable {
    let name: String
    let algorithm: String
    private let rsa: _RSA.Signing.PrivateKey?
    private let p256 = P256.Signing.PrivateKey()
    private let p384 = P384.Signing.PrivateKey()
    private let p521 = P521.Signing.PrivateKey()
    private let ed25519 = Curve25519.Signing.PrivateKey()

    /// One for all tests, since making one takes a core for a second.
    private static let sharedRSA = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }

    init(_ algorithm: String = "ES256", name: String = "k1") throws {
        self.algorithm = algorithm
        self.name = name
        let isRSA = algorithm.hasPrefix("RS") || algorithm.hasPrefix("PS")
        rsa = isRSA ? try Self.sharedRSA.get() : nil
    }

    /// The members of the public key, as JSON.
    func json(_ further: String = "") throws -> String {
        let end = #","kid":"\#(name)"\#(further)}"#
        switch algorithm {
        case "ES256": return ec("P-256", p256.publicKey.rawRepresentation) + end
        case "ES384": return ec("P-384", p384.publicKey.rawRepresentation) + end
        case "ES512": return ec("P-521", p521.publicKey.rawRepresentation) + end
        case "EdDSA", "Ed25519":
            return #"{"kty":"OKP","crv":"Ed25519","x":"\#(base64URL(ed25519.publicKey.rawRepresentation))""#
                + end
        default:
            let parts = try required(rsa).publicKey.getKeyPrimitives()
            return
                #"{"kty":"RSA","n":"\#(base64URL(parts.modulus))","e":"\#(base64URL(parts.publicExponent))""#
                + end
        }
    }

    /// A token with this header and payload; by default a good one of ``Scene``'s issuer.
    func token(header: String? = nil, payload: String) throws -> String {
        let header = header ?? #"{"alg":"\#(algorithm)","kid":"\#(name)"}"#
        return try token(header: Array(header.utf8), payload: Array(payload.utf8))
    }

    func token(header: [UInt8], payload: [UInt8]) throws -> String {
        try signed(base64URL(Data(header)) + "." + base64URL(Data(payload)))
    }

    /// A token of a header and a payload that are encoded already.
    func signed(_ input: String) throws -> String {
        try input + "." + base64URL(signature(of: Data(input.utf8)))
    }

    func signature(of input: Data) throws -> Data {
        switch algorithm {
        case "ES256": try p256.signature(for: input).rawRepresentation
        case "ES384": try p384.signature(for: input).rawRepresentation
        case "ES512": try p521.signature(for: input).rawRepresentation
        case "EdDSA", "Ed25519": try ed25519.signature(for: input)
        case "RS256":
            try required(rsa).signature(for: SHA256.hash(data: input), padding: .insecurePKCS1v1_5)
                .rawRepresentation
        case "RS384":
            try required(rsa).signature(for: SHA384.hash(data: input), padding: .insecurePKCS1v1_5)
                .rawRepresentation
        case "RS512":
            try required(rsa).signature(for: SHA512.hash(data: input), padding: .insecurePKCS1v1_5)
                .rawRepresentation
        case "PS256":
            try required(rsa).signature(for: SHA256.hash(data: input), padding: .PSS).rawRepresentation
        case "PS384":
            try required(rsa).signature(for: SHA384.hash(data: input), padding: .PSS).rawRepresentation
        default: try required(rsa).signature(for: SHA512.hash(data: input), padding: .PSS).rawRepresentation
        }
    }

    private func ec(_ curve: String, _ point: Data) -> String {
        let half = point.count / 2
        return
            #"{"kty":"EC","crv":"\#(curve)","x":"\#(base64URL(point.prefix(half)))","y":"\#(base64URL(point.suffix(half)))""#
    }
}

struct Missing: Error {}

func required<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw Missing() }
    return value
}

func base64URL(_ bytes: Data) -> String {
    bytes.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
}

func bytes(ofBase64URL text: String) -> [UInt8]? {
    let standard = text.replacing("-", with: "+").replacing("_", with: "/")
    let padding = String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
    return Data(base64Encoded: standard + padding).map { Array($0) }
}

func keySet(_ keys: String...) throws -> JSONWebKeySet {
    try JSONWebKeySet(json: Array(#"{"keys":[\#(keys.joined(separator: ","))]}"#.utf8))
}
