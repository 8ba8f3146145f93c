import CacheStores
import CacheStoresWaiting
import Synchronization

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
    /// When the call ends, whatever it waits for.
    let deadline: Deadline
    /// When the authority must have answered, so that there is time to keep the answer or to find an old one.
    let askingDeadline: Deadline
    private let waitsForStore = Atomic(true)

    init(
        token: BearerToken,
        context: QuestionContext,
        key: CacheKey,
        authority: GuardedAuthority,
        options: TokenCacheOptions
    ) {
        deadline = Deadline(after: options.deadline)
        askingDeadline = Deadline(
            after: options.deadline - min(options.store.deadline * 2, options.deadline / 4)
        )
        self.token = token
        self.context = context
        self.key = key
        self.authority = authority
    }

    /// Whether the store may still be asked: it has not kept this call waiting in vain, and there is time left.
    var mayAskStore: Bool { waitsForStore.load(ordering: .relaxed) && !deadline.hasPassed }

    /// Notes that the store has not answered in time: this call waits for it no more.
    func noteHangingStore() { waitsForStore.store(false, ordering: .relaxed) }
}
