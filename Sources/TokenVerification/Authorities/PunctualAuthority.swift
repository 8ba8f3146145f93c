/// An authority of this package, whose transport ends a question in time.
///
/// Any other is guarded by a timer of the cache's own, which costs every question several switches of threads.
protocol PunctualAuthority: TokenAuthority {
    /// Whether a question ends by itself within the deadline.
    var isPunctual: Bool { get }
}
