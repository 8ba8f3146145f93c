import Crypto
public import TokenVerification

/// A public key for verifying signatures, read from a JSON Web Key (RFC 7517).
///
/// RSA with 2048 to 8192 bits, EC on P-256, P-384 or P-521, and OKP on Ed25519. A key with private members, a symmetric
/// one, and one whose `use`, `key_ops` or `alg` is for something else is not accepted.
public struct JSONWebKey: Sendable {
    /// The key's name, `kid`.
    public let keyID: String?
    /// The only algorithm that the key is for, if it names one.
    public let algorithm: SigningAlgorithm?
    /// The key's SHA-256 thumbprint (RFC 7638), in base64url.
    public let thumbprint: String

    let publicKey: PublicKey

    /// Reads a key.
    ///
    /// - Parameter members: the members of the key's JSON object.
    /// - Throws: ``Flaw``: why the key is not accepted.
    public init(_ members: [ExactText: ClaimValue]) throws(Flaw) {
        guard let type = members["kty"]?.string else { throw .malformed }
        guard !type.utf8.elementsEqual("oct".utf8), members["k"] == nil else { throw .symmetric }
        for name in ["d", "p", "q", "dp", "dq", "qi", "oth"] as [ExactText] where members[name] != nil {
            throw .private
        }
        try Self.checkUse(members)
        let material = try KeyMaterial(type: type, members)
        publicKey = material.key
        switch members["kid"] {
        case nil: keyID = nil
        case .string(let text): keyID = text
        default: throw .malformed
        }
        switch members["alg"] {
        case nil: algorithm = nil
        case .string(let text):
            guard let named = SigningAlgorithm(text), material.key.fits(named) else { throw .otherUse }
            algorithm = named
        default: throw .malformed
        }
        thumbprint = Base64URL.encode(SHA256.hash(data: Array(material.canonicalForm.utf8)))
    }

    /// Whether the key may verify signatures of an algorithm.
    func fits(_ algorithm: SigningAlgorithm) -> Bool {
        (self.algorithm == nil || self.algorithm == algorithm) && publicKey.fits(algorithm)
    }

    /// Whether a signature is this key's; false for an algorithm that the key is not for.
    package func verifies(_ signature: [UInt8], of input: [UInt8], by algorithm: SigningAlgorithm) -> Bool {
        fits(algorithm) && publicKey.isValid(signature, of: input, by: algorithm)
    }

    private static func checkUse(_ members: [ExactText: ClaimValue]) throws(Flaw) {
        if let use = members["use"] {
            guard use == .string("sig") else { throw .otherUse }
        }
        if let operations = members["key_ops"] {
            guard case .array(let names) = operations else { throw .malformed }
            guard names.contains(.string("verify")) else { throw .otherUse }
        }
    }
}
