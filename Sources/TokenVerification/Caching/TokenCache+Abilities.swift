import CacheStores

extension TokenCache {
    /// The store's leases, which a cache with `sharing = .fleet` needs.
    static func leasing(
        of store: any AnswerStore,
        _ options: TokenCacheOptions
    ) throws(ConfigurationError) -> (any LeasingStore)? {
        guard options.sharing == .fleet else { return nil }
        guard let leasing = store.ability((any LeasingStore).self) else {
            throw ConfigurationError(
                "sharing = .fleet needs a store with leases (LeasingStore)"
            )
        }
        return leasing
    }

    /// The store's revocation marks, which a cache with `revocationMarks` needs.
    static func marks(
        of store: any AnswerStore,
        _ options: TokenCacheOptions
    ) throws -> RevocationMarks? {
        guard options.revocationMarks else { return nil }
        guard let marking = store.ability((any MarkingStore).self) else {
            throw ConfigurationError("revocationMarks = true needs a store with marks (MarkingStore)")
        }
        return try RevocationMarks(
            store: marking,
            secrets: store.markSecrets,
            nearCapacity: options.nearCapacity,
            clock: options.clock
        )
    }
}
