extension TokenCacheOptions {
    /// How many questions are asked at once, and how many wait; half of each are kept for tokens that were accepted
    /// before.
    public struct Questions: Sendable, Hashable {
        /// How many questions may be under way at once; at least 1.
        public var maximum = 512
        /// How many more may wait for their turn, zero or more; beyond that they fail as `unavailable`, with a time
        /// after which to come back.
        public var maximumWaiting = 512
        /// How long a question may wait for its turn, zero or more.
        public var waitLimit: Duration = .seconds(1)

        public init() {}
    }

    /// Whether the authority's definitive refusals are remembered.
    public struct Refusals: Sendable, Hashable {
        /// How long a refusal is remembered, zero or more; `nil` to ask again each time.
        public var timeToLive: Duration?
        /// How many refusals are remembered at the most, zero or more; they never displace accepted answers.
        public var capacity = 10_000

        public init() {}
    }

    /// Whether answers are used after their time to live while the authority is unavailable.
    public struct Stale: Sendable, Hashable {
        /// How long after its time to live an answer may still be used in an outage, not negative; `nil` or zero for
        /// not at all.
        ///
        /// It is never used past the token's own expiry, after the token was forgotten, or after the authority refused
        /// it. Such an answer stays in the store, counts as live there, and takes a place like any other.
        public var grace: Duration?
        /// How long an old answer is used before the authority is asked again about its token, zero or more.
        public var retryInterval: Duration = .seconds(5)

        public init() {}
    }

    /// When an authority or a store that fails is left alone.
    ///
    /// The breaker of an authority opens when questions about five different tokens timed out or failed to connect,
    /// within ten seconds in which the authority answered none. The store's reads and writes have a breaker each, and
    /// removals pass an open one.
    public struct Breaker: Sendable, Hashable {
        /// How many failures in a row open a breaker of the store; at least 1.
        public var threshold = 5
        /// How long a breaker stays open before one trial call passes, zero or more.
        ///
        /// Up to half as long is added at random. At an authority, tokens that were accepted before have a trial of
        /// their own.
        public var pause: Duration = .seconds(1)
        /// The longest wait that an authority can ask for with `Retry-After`, from 0 to 300 s.
        ///
        /// A rate limit of this server stops questions on every token, a rate limit of a token stops questions on that
        /// one; so does a fault of the authority, which may be about one token. A 429 without `Retry-After` opens
        /// nothing: the call fails as `unavailable`, and the next one asks again.
        public var maximumRetryAfter: Duration = .seconds(60)

        public init() {}
    }
}
