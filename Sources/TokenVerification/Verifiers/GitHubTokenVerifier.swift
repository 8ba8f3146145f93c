/// Verifies GitHub tokens, through a cache.
///
/// By default this authenticates *some GitHub user*, not a user of your app: any token of any application passes
/// (see ``GitHubAPI``). Only ``GitHubApplication`` knows that a token was issued to your own app.
///
/// ```swift
/// let verifier = try GitHubTokenVerifier(requiring: .scopes("repo"), cache: cache)
/// ```
///
/// For a GitHub Enterprise Server use `GitHubTokenVerifier(authority: GitHubAPI(url: …), cache: cache)`, and for your own
/// app `AuthorityTokenVerifier(authority: application, cache: cache)`.
public typealias GitHubTokenVerifier = AuthorityTokenVerifier<GitHubAPI>

extension AuthorityTokenVerifier<GitHubAPI> {
    /// Makes a verifier that accepts any github.com user's token.
    ///
    /// - Parameters:
    ///   - requirements: what is demanded of every token.
    ///   - cache: where answers are kept.
    /// - Throws: ``ConfigurationError``, also if an audience or an issuer is required, since GitHub names none.
    public init(
        requiring requirements: TokenRequirements = .none,
        cache: TokenCache
    ) throws(ConfigurationError) {
        try self.init(authority: GitHubAPI(), requiring: requirements, cache: cache)
    }
}
