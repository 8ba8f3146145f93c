extension TokenCacheOptions {
    /// Whether the authority is asked again about tokens in use before their answers expire, so that no caller waits.
    public struct Refresh: Sendable, Hashable {
        /// How old an answer is when its next use has the authority asked again; `nil` for never.
        ///
        /// It must be at least 0.1 s, and less than the shortest life of an answer: the time to live, less
        /// ``TokenCacheOptions/lifeJitter``. That use, and the following ones, are answered at once. For each token it
        /// is up to a tenth earlier, always by the same part. One process of a fleet asks, if the store has leases
        /// (`LeasingStore`). A refusal removes the answer in every process; an outage leaves it until its time to live
        /// ends. The answers of signatures alone are not refreshed (``TokenAuthority/answersCanChange``).
        ///
        /// A quarter of ``Questions/maximum`` may be under way for this at once, on top of the others.
        public var after: Duration?

        public init() {}
    }
}
