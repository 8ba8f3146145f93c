public import CacheStores
public import Logging
public import Metrics

/// Options of a ``TokenCache`` besides its store and its time to live, in groups.
///
/// ```swift
/// var options = TokenCacheOptions(logger: logger)
/// options.refusals.timeToLive = .seconds(30)
/// options.stale.grace = .seconds(600)
/// options.near.life = .seconds(5)
/// ```
public struct TokenCacheOptions: Sendable {
    /// How many questions are asked at once.
    public var questions = Questions()
    /// Whether the authority's refusals are remembered.
    public var refusals = Refusals()
    /// Whether old answers are used in an outage.
    public var stale = Stale()
    /// Whether answers in use are refreshed before they expire.
    public var refresh = Refresh()
    /// When an authority or a store that fails is left alone.
    public var breaker = Breaker()
    /// Whether each question is asked once per fleet.
    public var fleet = Fleet()
    /// What this process keeps of a shared store.
    public var near = Near()
    /// Whether tokens are revoked by marks.
    public var revocation = Revocation()
    /// How long the store may take, and whether the cache shuts it down.
    public var store = Store()

    /// How long a call to a verifier may take in all, greater than zero.
    ///
    /// Every step takes its share of it: the store, a fleet's lease, the queue, and the authority, which is given what
    /// is left but for the time to keep the answer.
    public var deadline: Duration = .seconds(12)
    /// By which share of the time to live an answer's life is shortened at the most, from 0 to 0.5.
    ///
    /// By how much depends on the token alone, so every process computes the same life. With it, answers that were
    /// stored at one moment do not all expire at one moment.
    public var lifeJitter = 0.0

    /// The clock that expiries are read against, and by which authorities date their answers.
    public var clock = WallClock.system
    /// Where faults are reported; no token, claim or secret is ever logged.
    public var logger: Logger
    /// Where metrics go: counters named `token_cache_events`, and a timer named `token_cache_question_time`.
    public var metricsFactory: any MetricsFactory

    /// Makes the options that hold by default; each group is changed afterwards.
    ///
    /// Nothing is checked here: a cache throws ``ConfigurationError`` for a value that is out of its range.
    ///
    /// - Parameters:
    ///   - logger: where faults are reported.
    ///   - metricsFactory: where metrics go.
    public init(
        logger: Logger = Logger(label: "token-cache"),
        metricsFactory: any MetricsFactory = MetricsSystem.factory
    ) {
        self.logger = logger
        self.metricsFactory = metricsFactory
    }
}
