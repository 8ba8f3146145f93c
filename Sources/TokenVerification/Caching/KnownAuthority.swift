/// What a cache knows of an authority whose answers it keeps.
struct KnownAuthority: Sendable {
    /// The longest time that a question takes.
    var deadline = Duration.zero
    let health: AuthorityHealth
}
