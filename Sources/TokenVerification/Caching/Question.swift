import CacheStores
import Crypto

/// One token, put to one authority: what an answer is kept under.
struct Question: Sendable {
    let token: BearerToken
    let context: QuestionContext
    /// SHA-256 over the context and the token.
    let key: CacheKey
}
