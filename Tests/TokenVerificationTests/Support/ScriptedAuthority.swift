import CacheStores
import Synchronization
import TokenVerification

/// An authority that answers as a test says, and counts its questions.
final class ScriptedAuthority: TokenAuthority {
    typealias Answer = @Sendable (BearerToken) async throws(VerificationError) -> Verdict

    /// Keeps a closure from being wrapped once more by each access to it through a generic lock.
    private struct Script: Sendable {
        let answer: Answer
    }

    let identity: AuthorityIdentity
    let deadline: Duration
    let limitsEachToken: Bool
    private let script: Mutex<Script>
    private let asked = Atomic(0)

    /// - Parameters:
    ///   - identity: whose answers they are.
    ///   - deadline: how long a question may take; by default so long that no busy machine makes one fail.
    ///   - limitsEachToken: whether limits are about single tokens.
    ///   - answer: gives the answers.
    init(
        identity: AuthorityIdentity = AuthorityIdentity(kind: "scripted", parameters: [:]),
        deadline: Duration = .seconds(50),
        limitsEachToken: Bool = false,
        _ answer: @escaping Answer
    ) {
        self.identity = identity
        self.deadline = deadline
        self.limitsEachToken = limitsEachToken
        script = Mutex(Script(answer: answer))
    }

    /// How many questions were asked.
    var questions: Int { asked.load(ordering: .sequentiallyConsistent) }

    func nowAnswers(_ answer: @escaping Answer) {
        script.withLock { $0 = Script(answer: answer) }
    }

    func verdict(on token: BearerToken, clock: WallClock) async throws(VerificationError) -> Verdict {
        asked.add(1, ordering: .sequentiallyConsistent)
        return try await script.withLock { $0 }.answer(token)
    }
}
