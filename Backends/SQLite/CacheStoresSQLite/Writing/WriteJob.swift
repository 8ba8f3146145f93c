import CacheStores

/// A request to the writer and whoever waits for its result: how many live entries it cost.
struct WriteJob: Job {
    let request: WriteRequest
    let ticket: Ticket<Int>

    var claim: any Claim { ticket }

    /// Whether there is still something to do.
    var isDue: Bool { request.isBegun || !ticket.isSettled }

    /// Whether to do it now; if so, a caller that is cancelled from here on gets its outcome all the same.
    ///
    /// Removing everything may take many transactions, and nobody is made to wait for the rest of them.
    func begin() -> Bool {
        // The thread that looks after deadlines may not have run yet, above all if the process was stopped.
        if !request.isBegun { ticket.failIfOverdue(at: WallClock.monotonic.now) }
        return switch request {
        case .set, .remove, .acquire, .release, .mark: ticket.begin()
        case .removeAll, .removeRest: isDue
        }
    }
}
