import Crypto
import CryptoExtras

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A key that signatures are verified with.
enum PublicKey: Sendable {
    case rsa(_RSA.Signing.PublicKey)
    case p256(P256.Signing.PublicKey)
    case p384(P384.Signing.PublicKey)
    case p521(P521.Signing.PublicKey)
    case ed25519(Curve25519.Signing.PublicKey)

    /// Whether the key's type is the one that an algorithm needs.
    func fits(_ algorithm: SigningAlgorithm) -> Bool {
        switch (self, algorithm.name) {
        case (.rsa, .RS256), (.rsa, .RS384), (.rsa, .RS512), (.rsa, .PS256), (.rsa, .PS384), (.rsa, .PS512),
            (.p256, .ES256), (.p384, .ES384), (.p521, .ES512), (.ed25519, .EdDSA), (.ed25519, .Ed25519):
            true
        default: false
        }
    }

    /// Whether a signature of an algorithm is this key's.
    func isValid(_ signature: [UInt8], of input: [UInt8], by algorithm: SigningAlgorithm) -> Bool {
        switch (self, algorithm.name) {
        case (.rsa(let key), .RS256):
            key.isValidSignature(
                .init(rawRepresentation: signature),
                for: SHA256.hash(data: input),
                padding: .insecurePKCS1v1_5
            )
        case (.rsa(let key), .RS384):
            key.isValidSignature(
                .init(rawRepresentation: signature),
                for: SHA384.hash(data: input),
                padding: .insecurePKCS1v1_5
            )
        case (.rsa(let key), .RS512):
            key.isValidSignature(
                .init(rawRepresentation: signature),
                for: SHA512.hash(data: input),
                padding: .insecurePKCS1v1_5
            )
        case (.rsa(let key), .PS256):
            key.isValidSignature(
                .init(rawRepresentation: signature),
                for: SHA256.hash(data: input),
                padding: .PSS
            )
        case (.rsa(let key), .PS384):
            key.isValidSignature(
                .init(rawRepresentation: signature),
                for: SHA384.hash(data: input),
                padding: .PSS
            )
        case (.rsa(let key), .PS512):
            key.isValidSignature(
                .init(rawRepresentation: signature),
                for: SHA512.hash(data: input),
                padding: .PSS
            )
        case (.p256(let key), .ES256):
            (try? P256.Signing.ECDSASignature(rawRepresentation: signature))
                .map { key.isValidSignature($0, for: SHA256.hash(data: input)) } ?? false
        case (.p384(let key), .ES384):
            (try? P384.Signing.ECDSASignature(rawRepresentation: signature))
                .map { key.isValidSignature($0, for: SHA384.hash(data: input)) } ?? false
        case (.p521(let key), .ES512):
            (try? P521.Signing.ECDSASignature(rawRepresentation: signature))
                .map { key.isValidSignature($0, for: SHA512.hash(data: input)) } ?? false
        case (.ed25519(let key), .EdDSA), (.ed25519(let key), .Ed25519):
            signature.count == 64 && key.isValidSignature(signature, for: input)
        default: false
        }
    }
}
