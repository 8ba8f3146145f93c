import CacheStores

/// A request to the writer, and the pending call for its result: the number of live entries that it evicted or removed.
struct WriteJob: Job {
    let request: WriteRequest
    let ticket: Ticket<Int>

    var claim: any Claim { ticket }

    /// Whether there is still something to do.
    var isDue: Bool { request.isBegun || !ticket.isSettled }

    /// Whether to do it now; if so, a caller that is cancelled from here on still waits for the outcome.
    ///
    /// The removal of everything may take many transactions, so there a cancelled caller does not wait.
    func begin() -> Bool {
        // The thread of the watch may not have run yet, above all if the process was stopped.
        if !request.isBegun { ticket.failIfOverdue(at: WallClock.monotonic.now) }
        return switch request {
        case .set, .remove, .acquire, .release, .mark: ticket.begin()
        case .removeAll, .removeRest: isDue
        }
    }
}
