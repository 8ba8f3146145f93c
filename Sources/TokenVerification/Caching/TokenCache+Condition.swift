import Synchronization

extension TokenCache {
    /// The state of the cache at this moment.
    public var condition: TokenCacheCondition {
        TokenCacheCondition(
            waitingQuestions: shared.queue.waitingCount,
            storeReadsAreOpen: answers.access.reads.breaker.isOpen,
            storeWritesAreOpen: answers.access.writes.breaker.isOpen,
            authorities: authorities.withLock { Array($0.values) }.compactMap { known in
                guard let authority = known.current else { return nil }
                return TokenCacheCondition.Authority(
                    identity: known.identity,
                    isOpen: authority.health.breaker.isOpen,
                    needsStore: authority.markRule.signed != nil && answers.marks?.areRequired ?? false
                )
            }
        )
    }
}
