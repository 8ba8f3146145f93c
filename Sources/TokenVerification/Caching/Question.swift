import CacheStores

/// One token, put to one authority: what an answer is kept under.
///
/// A class, since a question passes through a dozen functions that wait, each of which would keep a copy of it.
final class Question: Sendable {
    let token: BearerToken
    let context: QuestionContext
    /// SHA-256 over the context and the token.
    let key: CacheKey
    /// How the authority fares.
    let health: AuthorityHealth

    init(
        token: BearerToken,
        context: QuestionContext,
        key: CacheKey,
        health: AuthorityHealth
    ) {
        self.token = token
        self.context = context
        self.key = key
        self.health = health
    }
}
