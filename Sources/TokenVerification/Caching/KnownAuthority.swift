/// What a cache knows of an authority that its verifiers ask.
struct KnownAuthority {
    let health: AuthorityHealth
    /// The longest time that a question takes.
    let deadline: Duration
    /// How the marks on its tokens are judged.
    let markRule: MarkRule
    /// How long a signed token lives at the most; zero where there are none.
    let longestLife: Duration
}
