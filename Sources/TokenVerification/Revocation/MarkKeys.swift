import CacheStores
import Crypto

/// The keys under which subjects and clients are marked: a keyed hash each, so that the store does not show which user
/// was logged out.
///
/// HMAC-SHA256 of the kind, the name's length and the name, under a key that is HMAC-SHA256 of the authority's context
/// under the deployment's secret. While secrets are being changed a name has a key of each: marks are written under
/// all of them and read under all of them.
struct MarkKeys: Sendable {
    /// A subject or a client that is marked.
    enum Party: Sendable {
        case subject(String)
        case client(String)
    }

    private static let label = Array("token-verification revocation mark".utf8)

    let secrets: [SealingSecret]

    /// The keys of some parties at one authority.
    func keys(of parties: [Party], in context: QuestionContext) -> [CacheKey] {
        secrets.flatMap { secret in
            let code = HMAC<SHA256>.authenticationCode(for: Self.label + context.bytes, using: secret.bytes)
            let key = SymmetricKey(data: code)
            return parties.compactMap { Self.key(of: $0, using: key) }
        }
    }

    /// The keys of a token's subject and client.
    func keys(of token: VerifiedToken, in context: QuestionContext) -> [CacheKey] {
        let parties = [token.subject.map(Party.subject), token.clientID.map(Party.client)]
        return keys(of: parties.compactMap(\.self), in: context)
    }

    private static func key(of party: Party, using key: SymmetricKey) -> CacheKey? {
        var writer = ByteWriter()
        switch party {
        case .subject(let name):
            writer.write(UInt8(1))
            writer.write(name)
        case .client(let name):
            writer.write(UInt8(2))
            writer.write(name)
        }
        return CacheKey(Array(HMAC<SHA256>.authenticationCode(for: writer.bytes, using: key)))
    }
}
