/// An authority that verifiers of a cache ask, or have asked.
///
/// An authority that was replaced goes with its last verifier. The newest of each issuer of signed tokens stays, so that
/// a cache can revoke tokens without its user keeping a verifier.
struct KnownAuthority {
    private struct Verifier {
        weak var authority: GuardedAuthority?
    }

    let identity: AuthorityIdentity
    /// What the marks on its tokens are bound to.
    let markScope: QuestionContext
    /// Answers may be on their way for so long.
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

    /// As the newest verifier asks it; `nil` if there is none left.
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
