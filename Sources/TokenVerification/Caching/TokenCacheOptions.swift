public import CacheStores
public import Logging
public import Metrics

/// What can be chosen about a ``TokenCache`` besides its store and its time to live.
public struct TokenCacheOptions: Sendable {
    /// How long a definitive refusal is remembered; `nil` to ask again each time.
    public var refusalTimeToLive: Duration?
    /// How many refusals are remembered at the most; they never displace accepted answers.
    public var refusalCapacity = 10_000
    /// How many copies of a shared store's records this process keeps at the most.
    public var nearCapacity = 10_000
    /// How long a look-up in the store, or a write, may delay a call.
    public var storeDeadline: Duration = .milliseconds(500)
    /// How long the store may take to confirm that a token is forgotten; no store may take longer for anything.
    public var removalDeadline: Duration = .seconds(5)
    /// How many questions may be under way at once; further calls fail as `unavailable`.
    public var maximumQuestions = 512
    /// Whether the cache's ``TokenCache/shutdown()`` shuts the store down.
    public var shutsDownStore = true
    /// The clock that expiries are read against.
    public var clock = WallClock.system
    /// Where faults are reported; no token, claim or secret is ever logged.
    public var logger: Logger
    /// Where metrics go: counters named `token_cache_events`.
    public var metricsFactory: any MetricsFactory

    public init(
        logger: Logger = Logger(label: "token-cache"),
        metricsFactory: any MetricsFactory = MetricsSystem.factory
    ) {
        self.logger = logger
        self.metricsFactory = metricsFactory
    }

    func validate(timeToLive: Duration?) throws(ConfigurationError) {
        let durations = [
            ("time to live", timeToLive),
            ("refusal time to live", refusalTimeToLive),
            ("store deadline", storeDeadline),
            ("removal deadline", removalDeadline),
        ]
        for case (let name, let duration?) in durations where duration < .zero {
            throw ConfigurationError("the \(name) must not be negative, but is \(duration)")
        }
        if maximumQuestions < 1 {
            throw ConfigurationError("at least one question must be allowed at once, not \(maximumQuestions)")
        }
    }
}
