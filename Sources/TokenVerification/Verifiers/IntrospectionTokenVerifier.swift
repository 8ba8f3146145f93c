/// Verifies tokens by an OAuth 2 introspection endpoint (RFC 7662), through a cache.
///
/// ```swift
/// let endpoint = try IntrospectionEndpoint(
///     url: "https://issuer.example/introspect", clientID: "api", clientSecret: ClientSecret(secret))
/// let verifier = try IntrospectionTokenVerifier(endpoint, requiring: .scopes("orders:read"), cache: cache)
/// ```
public struct IntrospectionTokenVerifier: TokenVerifier {
    private let verifier: AuthorityTokenVerifier<IntrospectionEndpoint>

    /// Makes a verifier.
    ///
    /// - Parameters:
    ///   - endpoint: the endpoint that is asked.
    ///   - requirements: what is demanded of every token.
    ///   - cache: where answers are kept.
    /// - Throws: ``ConfigurationError``.
    public init(
        _ endpoint: IntrospectionEndpoint,
        requiring requirements: TokenRequirements = .none,
        cache: TokenCache
    ) throws(ConfigurationError) {
        verifier = try AuthorityTokenVerifier(authority: endpoint, requiring: requirements, cache: cache)
    }

    public func verification(of token: BearerToken) async throws(VerificationError) -> Verification {
        try await verifier.verification(of: token)
    }
}
