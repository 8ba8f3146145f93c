import CacheStores
import CacheStoresWaiting
import HTTPTransports

/// Keys that were fetched, by this process or by another one of the fleet.
struct CurrentKeys: Sendable {
    let set: JSONWebKeySet
    /// When the fetch began.
    let fetched: IntervalClock.Instant
    /// When they are to be fetched again.
    let refresh: IntervalClock.Instant
    /// When the fetch began, by the clock of the store that the fleet shares; `nil` if that time was not known.
    let asked: Timestamp?
    /// Where the keys were; `nil` if another process fetched them.
    let address: HTTPEndpoint?

    /// - Parameters:
    ///   - set: the keys.
    ///   - fetched: when the fetch began.
    ///   - maximumAge: for how long they may be used, as the reply said.
    ///   - options: the bounds of that.
    ///   - asked: when the fetch began, by the store's clock.
    ///   - address: where the keys were; `nil` if another process fetched them.
    init(
        _ set: JSONWebKeySet,
        fetched: IntervalClock.Instant,
        maximumAge: Duration?,
        _ options: JSONWebKeySource.Options,
        asked: Timestamp? = nil,
        address: HTTPEndpoint? = nil
    ) {
        let bounds = options.refreshInterval
        let life = min(max(maximumAge ?? bounds.lowerBound, bounds.lowerBound), bounds.upperBound)
        self.set = set
        self.fetched = fetched
        refresh = fetched.advanced(by: life)
        self.asked = asked
        self.address = address
    }

    /// Whether another process fetched them.
    var isShared: Bool { address == nil }

    func isNewer(than other: CurrentKeys?) -> Bool {
        guard let other else { return true }
        if let asked, let theirs = other.asked { return theirs < asked }
        return other.fetched < fetched
    }
}
