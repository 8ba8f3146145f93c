/// A request to the writer and whoever waits for its result: how many live entries it cost.
struct WriteJob: Job {
    let request: WriteRequest
    let ticket: Ticket<Int>

    var claim: any Claim { ticket }

    /// Whether there is still something to do.
    var isDue: Bool { request.isBegun || !ticket.isSettled }
}
