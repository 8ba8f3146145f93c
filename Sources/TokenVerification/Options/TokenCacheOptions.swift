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
    /// When an authority or a store that fails is left alone.
    public var breaker = Breaker()
    /// Whether each question is asked once per fleet.
    public var fleet = Fleet()
    /// What this process keeps of a shared store.
    public var near = Near()
    /// Whether all tokens of a subject or of a client can be forgotten at once.
    public var revocation = Revocation()
    /// How long the store may take, and who shuts it down.
    public var store = Store()

    /// The clock that expiries are read against, and by which authorities date their answers.
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
