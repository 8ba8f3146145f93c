import Crypto
import CryptoExtras
import Foundation
import TokenVerification
import TokenVerificationJWT

/// Signed tokens of one key, and what verifies their signatures and nothing else.
struct SignedSample: Sendable {
    private enum Key {
        case es256(P256.Signing.PrivateKey)
        case rs256(_RSA.Signing.PrivateKey)
        case edDSA(Curve25519.Signing.PrivateKey)
    }

    static let issuer = "https://issuer.example"
    static let audience = "https://api.example"

    let tokens: [BearerToken]
    let keys: JSONWebKeySet
    private let key: Key
    private let signatures: [(input: Data, signature: Data)]

    /// Signs so many tokens.
    init(_ algorithm: SigningAlgorithm, count: Int) throws {
        key =
            switch algorithm {
            case .es256: .es256(P256.Signing.PrivateKey())
            case .rs256: .rs256(try _RSA.Signing.PrivateKey(keySize: .bits2048))
            default: .edDSA(Curve25519.Signing.PrivateKey())
            }
        let now = Int(Date().timeIntervalSince1970)
        let header = Self.encoded(Data(#"{"alg":"\#(algorithm)","kid":"k","typ":"at+jwt"}"#.utf8))
        var signatures: [(Data, Data)] = []
        for number in 0..<count {
            let payload =
                #"{"iss":"\#(Self.issuer)","aud":"\#(Self.audience)","sub":"user-\#(number)","client_id":"web","#
                + #""scope":"orders:read orders:write","iat":\#(now),"exp":\#(now + 36_000),"jti":"\#(number)"}"#
            let input = Data("\(header).\(Self.encoded(Data(payload.utf8)))".utf8)
            signatures.append((input, try Self.signature(of: input, by: key)))
        }
        self.signatures = signatures
        tokens = try signatures.map { input, signature in
            try BearerToken(String(decoding: input, as: UTF8.self) + "." + Self.encoded(signature))
        }
        keys = try JSONWebKeySet(json: Array(#"{"keys":[\#(try Self.publicKey(of: key))]}"#.utf8))
    }

    /// A verifier that has the keys at hand.
    func verifier(in cache: TokenCache) throws -> AuthorityTokenVerifier<JWTIssuer> {
        let issuer = try JWTIssuer(
            Self.issuer,
            audiences: .oneOf([Self.audience]),
            keys: JSONWebKeySource(keys)
        )
        return try AuthorityTokenVerifier(
            authority: issuer,
            requiring: .scopes("orders:read"),
            cache: cache
        )
    }

    /// Verifies the signatures of all tokens, one after the other.
    func verifySignatures() throws {
        let isValid: (Data, Data) throws -> Bool
        switch key {
        case .es256(let key):
            let key = key.publicKey
            isValid = {
                key.isValidSignature(try .init(rawRepresentation: $1), for: SHA256.hash(data: $0))
            }
        case .rs256(let key):
            let key = key.publicKey
            isValid = {
                key.isValidSignature(
                    .init(rawRepresentation: $1),
                    for: SHA256.hash(data: $0),
                    padding: .insecurePKCS1v1_5
                )
            }
        case .edDSA(let key):
            let key = key.publicKey
            isValid = { key.isValidSignature($1, for: $0) }
        }
        for (input, signature) in signatures where try !isValid(input, signature) {
            throw BenchmarkError("a signature is wrong")
        }
    }

    private static func signature(of input: Data, by key: Key) throws -> Data {
        switch key {
        case .es256(let key): try key.signature(for: SHA256.hash(data: input)).rawRepresentation
        case .rs256(let key):
            try key.signature(for: SHA256.hash(data: input), padding: .insecurePKCS1v1_5).rawRepresentation
        case .edDSA(let key): try key.signature(for: input)
        }
    }

    private static func publicKey(of key: Key) throws -> String {
        switch key {
        case .es256(let key):
            let point = key.publicKey.rawRepresentation
            let (x, y) = (encoded(point.prefix(32)), encoded(point.suffix(32)))
            return #"{"kty":"EC","crv":"P-256","kid":"k","x":"\#(x)","y":"\#(y)"}"#
        case .rs256(let key):
            let parts = try key.publicKey.getKeyPrimitives()
            return
                #"{"kty":"RSA","kid":"k","n":"\#(encoded(parts.modulus))","e":"\#(encoded(parts.publicExponent))"}"#
        case .edDSA(let key):
            return
                #"{"kty":"OKP","crv":"Ed25519","kid":"k","x":"\#(encoded(key.publicKey.rawRepresentation))"}"#
        }
    }

    private static func encoded(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }
}
