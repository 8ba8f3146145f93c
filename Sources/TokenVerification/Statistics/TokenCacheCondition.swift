import Synchronization

/// How a cache fares at this moment: what it waits for, and what does not answer.
public struct TokenCacheCondition: Sendable, Hashable {
    /// An authority that the cache asks.
    public struct Authority: Sendable, Hashable {
        /// What distinguishes it from others.
        public let identity: AuthorityIdentity
        /// Whether its circuit breaker is open: it does not answer, or asked not to be asked for a while.
        public let isOpen: Bool

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
    public var canDecide: Bool { !storeReadsAreOpen || authorities.contains { !$0.isOpen } }
}

extension TokenCache {
    /// How the cache fares at this moment.
    public var condition: TokenCacheCondition {
        TokenCacheCondition(
            waitingQuestions: shared.queue.waitingCount,
            storeReadsAreOpen: answers.access.reads.isOpen,
            storeWritesAreOpen: answers.access.writes.isOpen,
            authorities: authorities.withLock { Array($0.values) }.compactMap { known in
                guard let authority = known.current else { return nil }
                return TokenCacheCondition.Authority(
                    identity: known.identity,
                    isOpen: authority.health.isOpen
                )
            }
        )
    }
}
