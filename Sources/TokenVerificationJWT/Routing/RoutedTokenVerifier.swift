public import TokenVerification

/// Chooses a verifier for each token: by its prefix, by the issuer of a signed token, or by default.
///
/// ```swift
/// let verifier = try RoutedTokenVerifier([
///     .issuer("https://issuer.example", signed),
///     .prefix("ghp_", github),
///     .otherwise(introspection),
/// ])
/// ```
///
/// A token is shown to one authority only, so the outage of one is no refusal by all, and no authority sees another's
/// tokens. Each verifier checks its own requirements. A token that no route is for is an `invalidToken`.
public struct RoutedTokenVerifier: TokenVerifier {
    private let issuers: [ExactText: any TokenVerifier]
    private let prefixes: [(text: [UInt8], verifier: any TokenVerifier)]
    private let fallback: (any TokenVerifier)?
    private let fallbackAcceptsJWT: Bool

    /// Makes a verifier.
    ///
    /// - Parameter routes: the routes, in any order; of several prefixes that fit a token the longest counts.
    /// - Throws: `ConfigurationError` for no route at all, a route that is given twice, an empty prefix or issuer, and
    ///   for a default that accepts signed tokens but is GitHub's, since GitHub's tokens are opaque.
    public init(_ routes: [TokenRoute]) throws(ConfigurationError) {
        guard !routes.isEmpty else { throw ConfigurationError("`routes` must have at least one route") }
        var issuers: [ExactText: any TokenVerifier] = [:]
        var prefixes: [ExactText: any TokenVerifier] = [:]
        var fallback: (verifier: any TokenVerifier, acceptsJWT: Bool)?
        for route in routes {
            switch route.choice {
            case .issuer(let issuer):
                guard !issuer.isEmpty, issuers.updateValue(route.verifier, forKey: ExactText(issuer)) == nil
                else {
                    throw ConfigurationError(
                        "the route of the issuer \(issuer.debugDescription) is empty or given twice"
                    )
                }
            case .prefix(let prefix):
                guard !prefix.isEmpty, prefixes.updateValue(route.verifier, forKey: ExactText(prefix)) == nil
                else {
                    throw ConfigurationError(
                        "the route of the prefix \(prefix.debugDescription) is empty or given twice"
                    )
                }
            case .otherwise(let acceptsJWT):
                guard fallback == nil else {
                    throw ConfigurationError("`.otherwise` is given twice; at most one default is accepted")
                }
                guard !acceptsJWT || !Self.isGitHub(route.verifier) else {
                    throw ConfigurationError(
                        "acceptsJWT must be false for GitHub: other issuers' tokens would be shown to it"
                    )
                }
                fallback = (route.verifier, acceptsJWT)
            }
        }
        self.issuers = issuers
        self.prefixes = prefixes.map { (Array($0.key.text.utf8), $0.value) }
            .sorted { $0.text.count > $1.text.count }
        self.fallback = fallback?.verifier
        fallbackAcceptsJWT = fallback?.acceptsJWT ?? false
    }

    public func verification(of token: BearerToken) async throws(VerificationError) -> Verification {
        try await verifier(for: token).verification(of: token)
    }

    /// The verifier that a token is shown to.
    ///
    /// - Parameter token: the token.
    /// - Returns: the verifier.
    /// - Throws: `wrongIssuer` for a signed token, `unknownPrefix` for another one, if no route is for it.
    public func verifier(for token: BearerToken) throws(VerificationError) -> any TokenVerifier {
        if case .signed(let issuer) = UnverifiedToken(token) {
            if let issuer, let verifier = issuers[ExactText(issuer)] { return verifier }
            guard fallbackAcceptsJWT, let fallback else { throw VerificationError(.wrongIssuer) }
            return fallback
        }
        let text = token.exposedText.utf8
        if let route = prefixes.first(where: { text.starts(with: $0.text) }) { return route.verifier }
        guard let fallback else { throw VerificationError(.unknownPrefix) }
        return fallback
    }

    private static func isGitHub(_ verifier: any TokenVerifier) -> Bool {
        verifier is GitHubTokenVerifier || verifier is AuthorityTokenVerifier<GitHubAPI>
            || verifier is AuthorityTokenVerifier<GitHubApplication>
    }
}
