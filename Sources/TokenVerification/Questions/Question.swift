import CacheStores

/// One token, put to one authority: what an answer is kept under.
///
/// A class: a question passes through a dozen async functions, each of which would keep a copy of a struct.
final class Question: Sendable {
    let token: BearerToken
    let context: QuestionContext
    /// SHA-256 over the context and the token.
    let key: CacheKey
    /// The authority that is asked.
    let authority: GuardedAuthority

    init(
        token: BearerToken,
        context: QuestionContext,
        key: CacheKey,
        authority: GuardedAuthority
    ) {
        self.token = token
        self.context = context
        self.key = key
        self.authority = authority
    }
}
