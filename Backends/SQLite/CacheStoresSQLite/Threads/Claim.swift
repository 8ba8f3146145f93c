import CacheStores

/// What every caller that waits has in common, whatever it waits for.
protocol Claim: Sendable {
    /// When the caller gives up, by the monotonic clock.
    var deadline: Timestamp { get }
    /// Whether the caller waits no more.
    var isSettled: Bool { get }
    /// Settles the claim with an error, unless it is settled.
    func fail(_ error: any Error)
}

extension Claim {
    /// Fails the claim if its deadline has passed.
    func failIfOverdue(at now: Timestamp) {
        guard deadline <= now else { return }
        fail(StoreError(code: .timedOut, message: "the store did not answer in time"))
    }
}
