import CacheStores

/// The user object in GitHub's answers.
enum GitHubUser {
    /// The token's properties that follow from its user.
    ///
    /// GitHub does not say which client a token was issued to, so there is none.
    ///
    /// Claims are `sub`, `login`, `name`, `email`, `avatar_url`, and the whole object as `github_user_data`.
    static func content(
        _ user: [ExactText: ClaimValue],
        verifiedAt: Timestamp
    ) throws(VerificationError) -> VerifiedToken.Content {
        guard case .integer(let id) = user["id"] else {
            throw VerificationError(.malformedAnswer, detail: .member("id"))
        }
        var claims: [ExactText: ClaimValue] = ["sub": .string(String(id)), "github_user_data": .object(user)]
        for name in ["login", "name", "email", "avatar_url"] as [ExactText] { claims[name] = user[name] }
        var content = VerifiedToken.Content(verifiedAt: verifiedAt, claims: Claims(claims))
        content.subject = String(id)
        content.username = user["login"]?.string
        return content
    }
}
