/// The state of a cache at this moment: its waiting questions and its open breakers.
public struct TokenCacheCondition: Sendable, Hashable {
    /// An authority that the cache asks.
    public struct Authority: Sendable, Hashable {
        /// What distinguishes it from others.
        public let identity: AuthorityIdentity
        /// Whether its circuit breaker is open: it does not answer, or asked not to be asked for a while.
        public let isOpen: Bool
        /// Whether its tokens are decided about only while the store can be read: signed tokens, whose revocation
        /// marks are looked up.
        public let needsStore: Bool

        /// Its kind, such as `introspection`.
        public var kind: String { identity.kind }
    }

    /// How many questions wait for their turn.
    public let waitingQuestions: Int
    /// Whether the circuit breaker of the store's reads is open: authorities are asked instead.
    public let storeReadsAreOpen: Bool
    /// Whether the circuit breaker of the store's writes is open: answers are not kept.
    public let storeWritesAreOpen: Bool
    /// The authorities that a verifier asks, in no particular order.
    public let authorities: [Authority]

    /// Whether some token can be decided about: the store can be read, or an authority can be asked.
    public var canDecide: Bool {
        !storeReadsAreOpen || authorities.contains { !$0.isOpen && !$0.needsStore }
    }
}
