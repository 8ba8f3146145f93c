/// An authority that verifiers of a cache ask, or have asked.
///
/// An authority is held weakly and goes with its last verifier. ``newestRule`` holds the newest one of each issuer of
/// signed tokens, so that `revoke(_:)` works without a verifier.
struct KnownAuthority {
    private struct Verifier {
        weak var authority: GuardedAuthority?
    }

    let identity: AuthorityIdentity
    /// What the marks on its tokens are bound to.
    let markScope: QuestionContext
    /// The longest deadline of its verifiers so far: an answer may arrive this long after its question.
    private(set) var deadline = Duration.zero
    /// How long a signed token lives at the most; zero where there are none.
    private(set) var longestLife = Duration.zero
    /// How the marks on its tokens are judged, if it is the newest of its issuer.
    var newestRule: MarkRule?
    private var verifiers: [Verifier] = []

    init(identity: AuthorityIdentity, markScope: QuestionContext) {
        self.identity = identity
        self.markScope = markScope
    }

    /// The authority of the newest verifier that still exists; `nil` if none does.
    var current: GuardedAuthority? { verifiers.lazy.reversed().compactMap(\.authority).first }

    /// How the marks on its tokens are judged, if it verifies signatures and is still used.
    var signingRule: MarkRule? {
        newestRule ?? current.flatMap { $0.markRule.signed == nil ? nil : $0.markRule }
    }

    mutating func add(_ authority: GuardedAuthority) {
        verifiers.removeAll { $0.authority == nil }
        verifiers.append(Verifier(authority: authority))
        deadline = max(deadline, authority.deadline)
        longestLife = max(longestLife, authority.markRule.signed?.longestLife ?? .zero)
    }
}
