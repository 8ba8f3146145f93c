import CacheStores

/// What an authority says, and when it was asked.
struct TimedVerdict: Sendable {
    let verdict: Verdict
    /// The store's time when the question to the authority began; `nil` if the store did not know it then.
    let asked: Timestamp?
}
