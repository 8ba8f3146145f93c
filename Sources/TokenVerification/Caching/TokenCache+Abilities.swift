import CacheStores

extension TokenCache {
    /// What a cache whose questions are shared by a fleet needs of its store.
    static func leasing(
        of store: any AnswerStore,
        _ options: TokenCacheOptions
    ) throws(ConfigurationError) -> (any LeasingStore)? {
        guard options.sharing == .fleet else { return nil }
        guard let leasing = store.ability((any LeasingStore).self) else {
            throw ConfigurationError(
                "questions can't be shared by a fleet through a store that knows no leases"
            )
        }
        return leasing
    }

    /// What a cache that can forget subjects and clients needs of its store.
    static func marks(
        of store: any AnswerStore,
        _ options: TokenCacheOptions
    ) throws -> RevocationMarks? {
        guard options.revocationMarks else { return nil }
        guard let marking = store.ability((any MarkingStore).self) else {
            throw ConfigurationError("subjects and clients can't be forgotten in a store that knows no marks")
        }
        return try RevocationMarks(
            store: marking,
            secrets: store.markSecrets,
            nearCapacity: options.nearCapacity,
            clock: options.clock
        )
    }
}
