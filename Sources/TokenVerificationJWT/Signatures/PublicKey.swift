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
        case (.rsa, .rs256), (.rsa, .rs384), (.rsa, .rs512), (.rsa, .ps256), (.rsa, .ps384), (.rsa, .ps512),
            (.p256, .es256), (.p384, .es384), (.p521, .es512), (.ed25519, .edDSA), (.ed25519, .ed25519):
            true
        default: false
        }
    }

    /// Whether a signature of an algorithm is this key's.
    func isValid(_ signature: [UInt8], of input: [UInt8], by algorithm: SigningAlgorithm) -> Bool {
        switch (self, algorithm.name) {
        case (.rsa(let key), .rs256):
            key.isValid(signature, for: SHA256.hash(data: input), .insecurePKCS1v1_5)
        case (.rsa(let key), .rs384):
            key.isValid(signature, for: SHA384.hash(data: input), .insecurePKCS1v1_5)
        case (.rsa(let key), .rs512):
            key.isValid(signature, for: SHA512.hash(data: input), .insecurePKCS1v1_5)
        case (.rsa(let key), .ps256): key.isValid(signature, for: SHA256.hash(data: input), .PSS)
        case (.rsa(let key), .ps384): key.isValid(signature, for: SHA384.hash(data: input), .PSS)
        case (.rsa(let key), .ps512): key.isValid(signature, for: SHA512.hash(data: input), .PSS)
        case (.p256(let key), .es256):
            (try? P256.Signing.ECDSASignature(rawRepresentation: signature))
                .map { key.isValidSignature($0, for: SHA256.hash(data: input)) } ?? false
        case (.p384(let key), .es384):
            (try? P384.Signing.ECDSASignature(rawRepresentation: signature))
                .map { key.isValidSignature($0, for: SHA384.hash(data: input)) } ?? false
        case (.p521(let key), .es512):
            (try? P521.Signing.ECDSASignature(rawRepresentation: signature))
                .map { key.isValidSignature($0, for: SHA512.hash(data: input)) } ?? false
        case (.ed25519(let key), .edDSA), (.ed25519(let key), .ed25519):
            signature.count == 64 && key.isValidSignature(signature, for: input)
        default: false
        }
    }
}

extension _RSA.Signing.PublicKey {
    fileprivate func isValid(
        _ signature: [UInt8],
        for digest: some Digest,
        _ padding: _RSA.Signing.Padding
    ) -> Bool {
        isValidSignature(.init(rawRepresentation: signature), for: digest, padding: padding)
    }
}
