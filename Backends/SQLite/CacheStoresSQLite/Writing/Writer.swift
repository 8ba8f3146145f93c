import CacheStores
import CacheStoresWaiting
import Logging
import Synchronization

/// The work of the writer's thread: it commits the jobs that have queued up as one transaction.
///
/// `@unchecked Sendable` because the connection is used before the thread starts, and from then on by the thread
/// alone; the rest is safe to share.
final class Writer: @unchecked Sendable {
    /// How many transactions were committed.
    let transactions = Atomic(0)

    private let opener: Opener
    private let rules: WriteRules
    private let pool: ReaderPool
    private let waitLimit: Duration
    private var connection: WriteConnection?
    private var connectionCount = 0

    /// Copies the write-ahead log into the file while the writer goes on; set before the thread starts.
    ///
    /// When the log is to begin anew, the writer then waits for the disk only for what came in since. No caller waits for
    /// a copy: after one that failed or came too late the writer has more to copy.
    var logCopy: BackgroundReading?
    /// Holds the read lock, and is paused while the log begins anew; set before the thread starts.
    var lockHolder: ReadLockHolder?

    /// Makes a writer, which opens the file later.
    ///
    /// - Parameters:
    ///   - opener: opens connections.
    ///   - rules: what a request does.
    ///   - pool: the readers, which become obsolete when the path names another file.
    ///   - waitLimit: how long a transaction waits for its turn.
    init(opener: Opener, rules: WriteRules, pool: ReaderPool, waitLimit: Duration) {
        self.waitLimit = waitLimit
        self.opener = opener
        self.rules = rules
        self.pool = pool
    }

    /// Opens the file, and records the capacity if it is another one.
    ///
    /// - Parameters:
    ///   - capacity: the capacity to record for all processes; `nil` adopts the recorded one.
    ///   - deadline: until when to wait for locks.
    /// - Throws: `StoreError`.
    func open(capacity: Int?, deadline: Deadline) throws(StoreError) {
        try opener.mendingOnce { () throws(StoreError) in try adopt(capacity, deadline: deadline) }
    }

    private func adopt(_ capacity: Int?, deadline: Deadline) throws(StoreError) {
        let connection = try current(deadline: deadline)
        do {
            // Read without a transaction: a normal open writes nothing and waits for no other process.
            try connection.entries.begin()
        } catch {
            throw try mending(connection, after: error, deadline: deadline)
        }
        let recorded = connection.entries.capacity
        opener.knownCapacity.note(capacity ?? recorded)
        guard let capacity, capacity != recorded else { return }
        _ = try commitInPlace(deadline: deadline) { (connection) throws(SQLiteFailure) in
            try connection.entries.record(capacity: capacity)
        }
        guard let recorded else { return }
        opener.logger.notice(
            "the store's capacity was changed",
            metadata: ["path": "\(opener.file.path)", "from": "\(recorded)", "to": "\(capacity)"]
        )
    }

    /// Does some jobs and returns what is left to do of them.
    func perform(_ jobs: [WriteJob]) -> [WriteJob] {
        do {
            return try commitMending(jobs)
        } catch {
            guard jobs.count > 1, error.code != .timedOut else { return fail(jobs, error) }
            // One of them may be the cause, so each gets a transaction of its own.
            return jobs.flatMap { (job) -> [WriteJob] in
                do {
                    return try commitMending([job])
                } catch {
                    return fail([job], error)
                }
            }
        }
    }

    /// Closes the connection.
    func close() {
        connection = nil
    }

    private func fail(_ jobs: [WriteJob], _ error: any Error) -> [WriteJob] {
        for job in jobs { job.result.settle(.failure(error)) }
        return []
    }

    /// Commits some jobs, and does so once more if the file was damaged and has been replaced.
    private func commitMending(_ jobs: [WriteJob]) throws(StoreError) -> [WriteJob] {
        try opener.mendingOnce { () throws(StoreError) in try commit(jobs) }
    }

    /// Commits some jobs as one transaction, and sets their results.
    private func commit(_ jobs: [WriteJob]) throws(StoreError) -> [WriteJob] {
        let jobs = jobs.filter(\.isDue)
        guard var deadline = jobs.map(\.deadline).max() else { return [] }
        // A job that goes on after its caller's deadline gets the same time again for each step.
        if jobs.contains(where: \.request.isBegun) {
            deadline = Deadline(after: waitLimit)
        }
        let durability: WriteConnection.Durability =
            jobs.contains { $0.request.isLasting } ? .full : .normal
        let (outcomes, connection) = try commitInPlace(durability, deadline: deadline) {
            [rules] (connection) throws(SQLiteFailure) -> [(WriteJob, WriteRules.Outcome)] in
            var outcomes: [(WriteJob, WriteRules.Outcome)] = []
            for job in jobs where job.begin() {
                outcomes.append((job, try rules.perform(job.request, on: connection)))
            }
            return outcomes
        }
        opener.knownCapacity.note(connection.entries.capacity)
        let rest = outcomes.compactMap { job, outcome in settle(job, outcome) }
        connection.tidy(with: logCopy, lockHolder)
        return rest
    }

    /// Commits something to the file that the path names.
    ///
    /// The transaction may have waited for its lock, and meanwhile another file may have come into the place of the one
    /// that it went into: then it is done again there. It is enough to look after the commit, since every process that
    /// opens the file from then on finds what was committed.
    ///
    /// - Returns: the closure's result, and the connection to the file that is in place.
    private func commitInPlace<Result>(
        _ durability: WriteConnection.Durability = .normal,
        deadline: Deadline,
        _ body: (WriteConnection) throws(SQLiteFailure) -> Result
    ) throws(StoreError) -> (Result, WriteConnection) {
        while true {
            let connection = try current(deadline: deadline)
            let result: Result
            do {
                result = try connection.transaction(durability, deadline: deadline) {
                    () throws(SQLiteFailure) in try body(connection)
                }
            } catch {
                throw try mending(connection, after: error, deadline: deadline)
            }
            transactions.add(1, ordering: .relaxed)
            if opener.file.names(connection.identity) { return (result, connection) }
            guard !deadline.hasPassed else {
                throw StoreError(
                    code: .timedOut,
                    message:
                        "\(opener.file.path): the file was replaced during a write; no time is left to repeat it"
                )
            }
        }
    }

    /// Translates a failure, and replaces the file if it is damaged.
    private func mending(
        _ connection: WriteConnection,
        after failure: SQLiteFailure,
        deadline: Deadline
    ) throws(StoreError) -> StoreError {
        let error = StoreError(failure, path: opener.file.path)
        // The next job opens a new connection, which fails too for as long as the cause lasts.
        if error.code != .timedOut { self.connection = nil }
        guard error.code == .corrupted else { return error }
        try withExtendedLifetime(connection) { () throws(StoreError) in
            try opener.renew(replacing: connection.identity, deadline: deadline)
        }
        return error
    }

    /// Settles a job, or returns what is left to do of it.
    private func settle(_ job: WriteJob, _ outcome: WriteRules.Outcome) -> WriteJob? {
        switch outcome {
        case .done(let result):
            job.result.settle(.success(result))
            return nil
        case .unfinished(let rest):
            return WriteJob(request: rest, result: job.result, deadline: job.deadline)
        }
    }

    /// The connection to the file that the path names now.
    private func current(deadline: Deadline) throws(StoreError) -> WriteConnection {
        if let connection, opener.file.names(connection.identity) { return connection }
        let obsolete = connection
        connection = nil
        let (opened, identity) = try opener.connect(for: .writing, deadline: deadline)
        withExtendedLifetime(obsolete) {}
        do {
            let connection = try WriteConnection(opened, identity: identity, number: connectionCount)
            connectionCount += 1
            self.connection = connection
            pool.adopt(identity)
            return connection
        } catch {
            throw StoreError(error, path: opener.file.path)
        }
    }
}
