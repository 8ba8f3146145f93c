import CacheStores

/// One token, put to one authority: what an answer is kept under.
///
/// A class, since a question passes through a dozen functions that wait, each of which would keep a copy of it.
final class Question: Sendable {
    let token: BearerToken
    let context: QuestionContext
    /// SHA-256 over the context and the token.
    let key: CacheKey
    /// Leaves the authority alone while it fails.
    let breaker: Breaker<VerificationError.Reason>

    init(
        token: BearerToken,
        context: QuestionContext,
        key: CacheKey,
        breaker: Breaker<VerificationError.Reason>
    ) {
        self.token = token
        self.context = context
        self.key = key
        self.breaker = breaker
    }
}
