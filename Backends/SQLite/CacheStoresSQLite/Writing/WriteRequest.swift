import CacheStores

/// A request to the writer.
enum WriteRequest {
    case set(CacheEntry<[UInt8]>, CacheKey, asked: Timestamp?, before: Timestamp?)
    case remove(CacheKey, holding: Duration)
    case removeAll(holding: Duration)
    /// The rest of a `removeAll`: the entries up to the one that was the last when it began, on the connection with a
    /// number.
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

    /// Whether it is completed even if its caller has stopped waiting.
    var isBegun: Bool {
        if case .removeRest = self { true } else { false }
    }
}
