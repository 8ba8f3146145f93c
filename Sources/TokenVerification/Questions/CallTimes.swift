import CacheStoresWaiting

/// What a call may take.
struct CallTimes {
    /// The whole call.
    let limit: Duration
    /// What is left at its end to keep the answer, or to find an old one.
    let reserve: Duration

    init(_ options: TokenCacheOptions) {
        limit = min(options.deadline, Deadline.longest)
        reserve = min(min(options.store.deadline, limit) * 2, limit / 4)
    }
}
