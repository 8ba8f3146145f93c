public import CacheStores
public import Logging
public import Metrics

/// Options of a ``TokenCache`` besides its store and its time to live.
public struct TokenCacheOptions: Sendable {
    /// How long a definitive refusal is remembered; `nil` to ask again each time.
    public var refusalTimeToLive: Duration?
    /// How many refusals are remembered at the most; they never displace accepted answers.
    public var refusalCapacity = 10_000
    /// How many copies of a shared store's records this process keeps at the most.
    public var nearCapacity = 10_000
    /// How many of a store's records this process remembers opened, so that it need not open them again while they are
    /// the same; zero to open each every time.
    ///
    /// The store is asked all the same. Some 1.5 kilobytes each.
    public var openedRecordCapacity = 4096
    /// How long a look-up in the store, or a write, may delay a call.
    public var storeDeadline: Duration = .milliseconds(500)
    /// How long the store may take to confirm that a token is forgotten; no store may take longer for anything.
    public var removalDeadline: Duration = .seconds(5)
    /// How many questions may be under way at once.
    ///
    /// Half of them are kept for tokens that were accepted before.
    public var maximumQuestions = 512
    /// How many more questions may wait for their turn, half of them for tokens that were accepted before; beyond
    /// that they fail as `unavailable`, with a time after which to come back.
    public var maximumWaitingQuestions = 512
    /// How long a question may wait for its turn.
    public var questionPatience: Duration = .seconds(1)
    /// How long after its time to live an answer may still be used while the authority is unavailable; `nil` or zero
    /// for not at all.
    ///
    /// It is never used past the token's own expiry, after the token was forgotten, or after the authority refused
    /// it. Such an answer stays in the store, counts as live there, and takes a place like any other.
    public var staleGrace: Duration?
    /// How long an old answer is used before the authority is asked again about its token.
    public var staleRetryInterval: Duration = .seconds(5)
    /// How many failures in a row open the circuit breaker of a store; reads and writes have one each.
    ///
    /// Removals pass an open breaker. The breaker of an authority opens when questions about five different tokens timed
    /// out or failed to connect, within ten seconds in which the authority answered none.
    public var breakerThreshold = 5
    /// How long a breaker stays open before one trial call passes.
    ///
    /// Up to half as long is added at random. At an authority, tokens that were accepted before have a trial of their
    /// own.
    public var breakerPause: Duration = .seconds(1)
    /// The longest wait that an authority can ask for with `Retry-After`, from 0 to 300 s.
    ///
    /// A rate limit of this server stops questions on every token, a rate limit of a token stops questions on that one;
    /// so does a fault of the authority, which may be about one token. A 429 without `Retry-After` opens nothing: the
    /// call fails as `unavailable`, and the next one asks again.
    public var maximumRetryAfter: Duration = .seconds(60)
    /// Whether each question is asked once per process or once per fleet.
    public var sharing = Sharing.process
    /// The longest time that the processes of a fleet wait for the answer of one of them.
    public var leaseTime: Duration = .seconds(2)
    /// Marks in the store that revoke tokens; off by default.
    public var revocation = Revocation()
    /// Whether the cache's ``TokenCache/shutdown()`` shuts the store down.
    public var shutsDownStore = true
    /// The clock that expiries are read against.
    public var clock = WallClock.system
    /// Where faults are reported; no token, claim or secret is ever logged.
    public var logger: Logger
    /// Where metrics go: counters named `token_cache_events`, and a timer named `token_cache_question_time`.
    public var metricsFactory: any MetricsFactory

    public init(
        logger: Logger = Logger(label: "token-cache"),
        metricsFactory: any MetricsFactory = MetricsSystem.factory
    ) {
        self.logger = logger
        self.metricsFactory = metricsFactory
    }
}
