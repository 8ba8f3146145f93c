import CacheStores
import Synchronization
import TokenVerification

/// An authority that answers as a test says, and counts its questions.
final class ScriptedAuthority: TokenAuthority {
    typealias Answer = @Sendable (BearerToken) async throws(VerificationError) -> Verdict

    let identity: AuthorityIdentity
    let deadline: Duration
    private let answer: Mutex<Answer>
    private let asked = Atomic(0)

    init(
        identity: AuthorityIdentity = AuthorityIdentity(kind: "scripted", parameters: [:]),
        deadline: Duration = .seconds(10),
        _ answer: @escaping Answer
    ) {
        self.identity = identity
        self.deadline = deadline
        self.answer = Mutex(answer)
    }

    /// How many questions were asked.
    var questions: Int { asked.load(ordering: .sequentiallyConsistent) }

    func nowAnswers(_ answer: @escaping Answer) {
        self.answer.withLock { $0 = answer }
    }

    func verdict(on token: BearerToken) async throws(VerificationError) -> Verdict {
        asked.add(1, ordering: .sequentiallyConsistent)
        return try await answer.withLock { $0 }(token)
    }
}
