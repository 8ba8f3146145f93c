/// An authority that a verifier of the cache asks.
struct KnownAuthority: Sendable {
    /// The longest time that a question takes.
    var deadline = Duration.zero
    let health: AuthorityHealth
}
