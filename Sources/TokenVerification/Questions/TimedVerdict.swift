import CacheStores

/// An authority's verdict, and when the authority was asked.
struct TimedVerdict: Sendable {
    let verdict: Verdict
    /// When the question began, by the store's clock; `nil` if that time was not known.
    let asked: Timestamp?
}
