/// An authority that verifiers of a cache ask, or have asked.
struct KnownAuthority {
    let identity: AuthorityIdentity
    /// Gone with the last verifier, so that an authority that is asked no more is not reported as down.
    weak var health: AuthorityHealth?
    /// Answers may be on their way for so long.
    let deadline: Duration
    /// How the marks on its tokens are judged.
    let markRule: MarkRule
    /// How long a signed token lives at the most; zero where there are none.
    let longestLife: Duration
}
