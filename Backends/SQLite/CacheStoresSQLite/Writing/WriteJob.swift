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
        switch request {
        case .set, .remove, .acquire, .release, .mark: ticket.begin()
        case .removeAll, .removeRest: isDue
        }
    }
}
