#if Redis
import CacheStores

/// The invalidations of a store; each iteration is a subscription of its own.
struct RedisInvalidations: AsyncSequence, Sendable {
    typealias Element = Invalidation
    typealias Failure = Never

    let notices: RedisNotices

    func makeAsyncIterator() -> AsyncStream<Invalidation>.Iterator {
        notices.subscribe().makeAsyncIterator()
    }
}
#endif
