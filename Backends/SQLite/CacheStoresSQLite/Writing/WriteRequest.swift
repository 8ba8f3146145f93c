import CacheStores

/// What the writer can be asked to do.
enum WriteRequest {
    case set(CacheEntry<[UInt8]>, CacheKey)
    case remove(CacheKey, holding: Duration)
    case removeAll(holding: Duration)
    /// The rest of a `removeAll`: everything up to the last entry that there was when it was asked for.
    case removeRest(through: Int64)

    /// Whether it must survive a power failure once it is confirmed.
    var isRemoval: Bool {
        if case .set = self { false } else { true }
    }

    /// Whether it is done to its end even if nobody waits for that any more.
    var isBegun: Bool {
        if case .removeRest = self { true } else { false }
    }
}
