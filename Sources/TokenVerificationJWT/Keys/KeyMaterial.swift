import Crypto
import CryptoExtras
import TokenVerification

/// The members of a JSON Web Key that make the key, and their canonical form (RFC 7638 §3.2).
struct KeyMaterial {
    let key: PublicKey
    let canonicalForm: String

    init(type: String, _ members: [ExactText: ClaimValue]) throws(JSONWebKey.Flaw) {
        switch type {
        case "RSA":
            let (modulus, n) = try Self.bytes("n", of: members)
            let (exponent, e) = try Self.bytes("e", of: members)
            key = .rsa(try Self.rsa(modulus, exponent))
            canonicalForm = #"{"e":"\#(e)","kty":"RSA","n":"\#(n)"}"#
        case "EC":
            guard let curve = members["crv"]?.string else { throw .malformed }
            let (horizontal, x) = try Self.bytes("x", of: members)
            let (vertical, y) = try Self.bytes("y", of: members)
            key = try Self.elliptic(curve, horizontal, vertical)
            canonicalForm = #"{"crv":"\#(curve)","kty":"EC","x":"\#(x)","y":"\#(y)"}"#
        case "OKP":
            guard let curve = members["crv"]?.string else { throw .malformed }
            guard curve.utf8.elementsEqual("Ed25519".utf8) else { throw .unknownType }
            let (point, x) = try Self.bytes("x", of: members)
            guard let found = try? Curve25519.Signing.PublicKey(rawRepresentation: point) else {
                throw .malformed
            }
            key = .ed25519(found)
            canonicalForm = #"{"crv":"Ed25519","kty":"OKP","x":"\#(x)"}"#
        default: throw .unknownType
        }
    }

    /// A member's bytes, and its text, which is the only one for these bytes.
    private static func bytes(
        _ name: ExactText,
        of members: [ExactText: ClaimValue]
    ) throws(JSONWebKey.Flaw) -> ([UInt8], String) {
        guard let text = members[name]?.string, let bytes = Base64URL.decode(text.utf8) else {
            throw .malformed
        }
        return (bytes, text)
    }

    private static func rsa(
        _ modulus: [UInt8],
        _ exponent: [UInt8]
    ) throws(JSONWebKey.Flaw) -> _RSA.Signing.PublicKey {
        guard let first = modulus.first, first != 0, let last = modulus.last, last & 1 == 1 else {
            throw .malformed
        }
        guard (2048...8192).contains(modulus.count * 8 - first.leadingZeroBitCount) else { throw .size }
        // 3 to 2^32 − 1; libraries differ on larger ones.
        guard (1...4).contains(exponent.count), exponent.first != 0, let end = exponent.last, end & 1 == 1,
            exponent != [1]
        else { throw .malformed }
        guard let key = try? _RSA.Signing.PublicKey(n: modulus, e: exponent) else { throw .malformed }
        return key
    }

    private static func elliptic(
        _ curve: String,
        _ x: [UInt8],
        _ y: [UInt8]
    ) throws(JSONWebKey.Flaw) -> PublicKey {
        let sizes = ["P-256": 32, "P-384": 48, "P-521": 66]
        guard let size = sizes[curve] else { throw .unknownType }
        guard x.count == size, y.count == size else { throw .malformed }
        let point = [4] + x + y
        let key: PublicKey? =
            switch size {
            case 32: (try? P256.Signing.PublicKey(x963Representation: point)).map { .p256($0) }
            case 48: (try? P384.Signing.PublicKey(x963Representation: point)).map { .p384($0) }
            default: (try? P521.Signing.PublicKey(x963Representation: point)).map { .p521($0) }
            }
        guard let key else { throw .malformed }
        return key
    }
}
