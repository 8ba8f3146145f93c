extension TokenCacheOptions {
    /// Among whom a cache asks each question once.
    public enum Sharing: String, Sendable, CaseIterable {
        /// Within this process.
        case process
        /// Within all processes that share the store: whoever asks leaves a lease there, and the others wait for
        /// its answer.
        case fleet
    }
}
