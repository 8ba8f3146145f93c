extension TokenCacheOptions {
    /// The scope in which each question is asked once.
    public enum Sharing: String, Sendable, CaseIterable {
        /// This process.
        case process
        /// All processes that share the store: the process that asks takes a lease there, and the others wait for its
        /// answer.
        case fleet
    }
}
