import CacheStoresWaiting
import TokenVerification

extension JSONWebKeySource {
    /// How often an issuer's keys are fetched, and how long they are used.
    public struct Options: Sendable, Hashable {
        /// The longest time of one fetch, discovery included; greater than zero and at most 30 s.
        public var deadline: Duration = .seconds(10)
        /// How soon keys are fetched again: `Cache-Control: max-age` is heeded between these bounds, both greater than
        /// zero, and the shorter one counts where there is none.
        ///
        /// A key that has left the issuer's set is used here no longer than the larger one, as long as the issuer
        /// answers.
        public var refreshInterval: ClosedRange<Duration> = .seconds(300)...(.seconds(3600))
        /// How long keys are used during an outage of the issuer, counted from the fetch that brought them; at least as
        /// long as the larger bound of ``refreshInterval``.
        public var maximumAge: Duration = .seconds(86_400)
        /// The shortest time between two fetches once there are keys, however many tokens name unknown ones; greater
        /// than zero.
        public var cooldown: Duration = .seconds(30)

        public init() {}

        /// The pauses between fetches that fail while there are no keys.
        var backOff: Backoff { Backoff(from: min(.seconds(1), cooldown), to: cooldown) }

        func validate() throws(ConfigurationError) {
            guard deadline > .zero, deadline <= .seconds(30) else {
                throw ConfigurationError(
                    "the deadline of a fetch of keys must be greater than zero and at most 30 s, not \(deadline)"
                )
            }
            guard refreshInterval.lowerBound > .zero, maximumAge >= refreshInterval.upperBound,
                cooldown > .zero
            else {
                throw ConfigurationError(
                    "refreshInterval and cooldown must be greater than zero, not \(refreshInterval.lowerBound) and \(cooldown); maximumAge must be at least \(refreshInterval.upperBound), not \(maximumAge)"
                )
            }
        }
    }
}
