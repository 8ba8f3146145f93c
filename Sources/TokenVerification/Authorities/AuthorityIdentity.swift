/// What distinguishes an authority's answers from those of any other authority, in a canonical form.
///
/// It is bound into every cache key, so that two verifiers that differ in kind, endpoint, client or parameters
/// never read each other's answers, even in one store. A client's secret is no part of it; it prints nothing all the
/// same, since an endpoint's parameters may hold a secret.
public struct AuthorityIdentity: Sendable, Hashable {
    /// The name of the protocol that is spoken, such as `introspection`.
    public let kind: String

    /// Everything that the answer depends on besides the token: endpoint, client id, and so on.
    public let parameters: [String: String]

    /// Makes an identity.
    ///
    /// The parameters must not hold the client's secret. They are hashed into every cache key: a renewed secret would
    /// leave all kept answers behind, and with a key and its token at hand, guesses of the secret could be tried.
    ///
    /// - Parameters:
    ///   - kind: the name of the protocol that is spoken, such as `introspection`.
    ///   - parameters: everything that the answer depends on besides the token.
    public init(kind: String, parameters: [String: String]) {
        self.kind = kind
        self.parameters = parameters
    }

    /// Kind and parameters, sorted and length-prefixed: equal for equal identities, different for others.
    package var canonicalBytes: [UInt8] {
        var writer = ByteWriter()
        writer.write(kind)
        for (name, value) in parameters.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            writer.write(name)
            writer.write(value)
        }
        return writer.bytes
    }
}

extension AuthorityIdentity {
    /// Identities are equal if their canonical bytes are, as cache keys are.
    public static func == (left: Self, right: Self) -> Bool { left.canonicalBytes == right.canonicalBytes }
}

extension AuthorityIdentity: HiddenText {}
