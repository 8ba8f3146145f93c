import CacheStores

/// A pending call, whatever the type of its outcome.
protocol Claim: Sendable {
    /// The call's deadline, by the monotonic clock.
    var deadline: Timestamp { get }
    /// Whether the call has its outcome.
    var isSettled: Bool { get }
    /// Settles the claim with an error, unless it is settled.
    func fail(_ error: any Error)
}

extension Claim {
    /// Fails the claim if its deadline has passed.
    func failIfOverdue(at now: Timestamp) {
        guard deadline <= now else { return }
        fail(StoreError(code: .timedOut, message: "the operation did not end before the store's deadline"))
    }
}
