public import CacheStores

extension RedisStore: InvalidatingStore {
    /// What any holder of the store changes (Redis 6 or newer).
    ///
    /// The first iteration opens a connection of its own to each master, which all iterations share.
    public var invalidations: any AsyncSequence<Invalidation, Never> & Sendable {
        RedisInvalidations(notices: notices)
    }
}

/// The changes of a store; each iteration is a subscription of its own.
private struct RedisInvalidations: AsyncSequence, Sendable {
    typealias Element = Invalidation
    typealias Failure = Never

    let notices: RedisNotices

    func makeAsyncIterator() -> AsyncStream<Invalidation>.Iterator {
        notices.subscribe().makeAsyncIterator()
    }
}
