import CacheStores

/// What the writer can be asked to do.
enum WriteRequest {
    case set(CacheEntry<[UInt8]>, CacheKey, asked: Timestamp?, before: Timestamp?)
    case remove(CacheKey, holding: Duration)
    case removeAll(holding: Duration)
    /// The rest of a `removeAll`: everything up to the last entry that there was when it was begun, on the connection
    /// with a number.
    case removeRest(through: Int64, holding: Duration, on: Int)
    case acquire(CacheKey, LeaseHolder, lasting: Duration)
    case release(CacheKey, LeaseHolder)
    case mark(CacheKey, Timestamp, until: Timestamp)

    /// Whether it must survive a power failure once it is confirmed.
    var isLasting: Bool {
        switch self {
        case .remove, .removeAll, .removeRest, .mark: true
        case .set, .acquire, .release: false
        }
    }

    /// Whether it is done to its end even if nobody waits for that any more.
    var isBegun: Bool {
        if case .removeRest = self { true } else { false }
    }
}
