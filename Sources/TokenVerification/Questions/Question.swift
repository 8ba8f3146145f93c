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
    private let times: CallTimes
    private let waitsForStore = Atomic(true)

    init(
        token: BearerToken,
        context: QuestionContext,
        key: CacheKey,
        authority: GuardedAuthority,
        times: CallTimes
    ) {
        deadline = Deadline(after: times.limit)
        self.times = times
        self.token = token
        self.context = context
        self.key = key
        self.authority = authority
    }

    /// When the authority must have answered, so that there is time to keep the answer or to find an old one.
    var askingDeadline: Deadline { deadline.earlier(by: times.reserve) }

    /// A time-out counts against the authority only if it had this long: half of what it has in a call without other
    /// waits.
    func fairTime(for authorityDeadline: Duration) -> Duration {
        min(authorityDeadline, times.limit - times.reserve) / 2
    }

    /// Whether the store may still be asked: it has not kept this call waiting in vain, and there is time left.
    var mayAskStore: Bool { waitsForStore.load(ordering: .relaxed) && !deadline.hasPassed }

    /// Notes that the store has not answered in time: this call waits for it no more.
    func noteHangingStore() { waitsForStore.store(false, ordering: .relaxed) }
}
