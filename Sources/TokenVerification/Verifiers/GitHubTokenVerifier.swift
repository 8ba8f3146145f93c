/// Verifies GitHub tokens, through a cache.
///
/// By default this authenticates *some GitHub user*, not a user of your app: any token of any application passes
/// (see ``GitHubAPI``). Only ``GitHubApplication`` knows that a token was issued to your own app.
///
/// ```swift
/// let verifier = try GitHubTokenVerifier(requiring: .scopes("repo"), cache: cache)
/// ```
public struct GitHubTokenVerifier: TokenVerifier {
    private let verifier: any TokenVerifier

    /// Makes a verifier that accepts any GitHub user's token.
    ///
    /// - Parameters:
    ///   - api: GitHub's interface, or a GitHub Enterprise Server's; `nil` for github.com's.
    ///   - requirements: what is demanded of every token.
    ///   - cache: where answers are kept.
    /// - Throws: ``ConfigurationError``, also if an audience or an issuer is required, since GitHub names none.
    public init(
        _ api: GitHubAPI? = nil,
        requiring requirements: TokenRequirements = .none,
        cache: TokenCache
    ) throws {
        verifier = try AuthorityTokenVerifier(
            authority: api ?? GitHubAPI(),
            requiring: requirements,
            cache: cache
        )
    }

    /// Makes a verifier that accepts only tokens that were issued to one application.
    ///
    /// - Parameters:
    ///   - application: the application's token check.
    ///   - requirements: what is demanded of every token.
    ///   - cache: where answers are kept.
    /// - Throws: ``ConfigurationError``.
    public init(
        _ application: GitHubApplication,
        requiring requirements: TokenRequirements = .none,
        cache: TokenCache
    ) throws(ConfigurationError) {
        verifier = try AuthorityTokenVerifier(authority: application, requiring: requirements, cache: cache)
    }

    public func verification(of token: BearerToken) async throws(VerificationError) -> Verification {
        try await verifier.verification(of: token)
    }
}
