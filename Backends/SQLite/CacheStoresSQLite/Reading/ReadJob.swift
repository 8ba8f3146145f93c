import CacheStores

/// A lookup that the caller's own thread could not do without waiting.
struct ReadJob: Job {
    let claim: any Claim
    /// Asks a reader and settles the claim with the answer.
    let ask: @Sendable (Reader) throws(SQLiteFailure) -> Void

    /// Makes a job of a question.
    init<Answer: Sendable>(
        _ ticket: Ticket<Answer>,
        question: @escaping @Sendable (Reader) throws(SQLiteFailure) -> Answer
    ) {
        claim = ticket
        ask = { (reader) throws(SQLiteFailure) in ticket.settle(.success(try question(reader))) }
    }
}
