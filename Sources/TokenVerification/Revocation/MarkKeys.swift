import CacheStores
import Crypto

/// The keys under which tokens, subjects, clients and sessions are marked: a keyed hash each, so that the store does not
/// show which user was logged out.
///
/// HMAC-SHA256 of the kind, the name's length and the name, under a key that is HMAC-SHA256 of the marks' scope under
/// the deployment's secret. While secrets are being changed a name has a key of each: marks are written under all of
/// them and read under all of them.
struct MarkKeys: Sendable {
    /// What is marked.
    enum Target: Sendable {
        case subject(String)
        case client(String)
        case session(String)
        /// One signed token, by what its signature is about.
        case token([UInt8])
    }

    private static let label = Array("token-verification revocation mark".utf8)

    let secrets: [SealingSecret]

    /// The keys of some targets in a scope.
    func keys(of targets: [Target], in scope: QuestionContext) -> [CacheKey] {
        secrets.flatMap { secret in
            let code = HMAC<SHA256>.authenticationCode(for: Self.label + scope.bytes, using: secret.bytes)
            let key = SymmetricKey(data: code)
            return targets.compactMap { Self.key(of: $0, using: key) }
        }
    }

    private static func key(of target: Target, using key: SymmetricKey) -> CacheKey? {
        var writer = ByteWriter()
        switch target {
        case .subject(let name):
            writer.write(UInt8(1))
            writer.write(name)
        case .client(let name):
            writer.write(UInt8(2))
            writer.write(name)
        case .session(let name):
            writer.write(UInt8(3))
            writer.write(name)
        case .token(let bytes):
            writer.write(UInt8(4))
            writer.write(raw: bytes)
        }
        return CacheKey(Array(HMAC<SHA256>.authenticationCode(for: writer.bytes, using: key)))
    }
}
