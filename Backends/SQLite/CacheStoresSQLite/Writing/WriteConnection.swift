import CacheStores
import CacheStoresWaiting

/// The one connection of a store that writes, and its transactions.
///
/// `@unchecked Sendable` for the reason that its connection is: only the writer's thread uses it.
final class WriteConnection: @unchecked Sendable {
    /// What a committed transaction survives.
    enum Durability: String {
        /// The end of this process.
        case normal = "NORMAL"
        /// A power failure too.
        case full = "FULL"
    }

    /// How many pages the write-ahead log has before it is copied into the file (16 MiB).
    ///
    /// A shorter log means more waits for the disk; a longer one means slower lookups.
    private static let logLimit = 4096
    /// After so many more pages the log copy begins.
    private static let copyInterval = 1024

    let identity: FileIdentity
    /// How many connections the writer had before.
    let number: Int
    let entries: EntryTable
    let leases: LeaseTable
    let marks: MarkTable

    private let connection: Connection
    private var durability = Durability.normal
    private var nextCheckpoint = WriteConnection.logLimit
    /// How many pages the log had when the last copy began.
    private var copiedPages = 0

    init(_ connection: Connection, identity: FileIdentity, number: Int) throws(SQLiteFailure) {
        self.connection = connection
        self.identity = identity
        self.number = number
        entries = try EntryTable(connection)
        leases = try LeaseTable(connection)
        marks = try MarkTable(connection)
    }

    /// Keeps the write-ahead log short.
    func tidy(with logCopy: BackgroundReading?, _ lockHolder: ReadLockHolder?) {
        let pages = connection.logPages
        if pages < copiedPages { copiedPages = 0 }
        if pages - copiedPages >= Self.copyInterval {
            copiedPages = pages
            logCopy?.begin { (reader) throws(SQLiteFailure) in reader.copyLog() }
        }
        guard pages >= nextCheckpoint else {
            if pages < Self.logLimit { nextCheckpoint = Self.logLimit }
            return
        }
        // A long read must not delay every commit, so the next attempt comes some pages later.
        nextCheckpoint = pages + Self.logLimit / 4
        lockHolder?.pause()
        defer { lockHolder?.resume() }
        // Waits for the disk first, so that the time for the readers is not spent on it.
        connection.copyLog()
        connection.deadline = Deadline(after: .milliseconds(20))
        connection.checkpoint()
    }

    /// Does something in one transaction, or leaves everything as it was.
    ///
    /// - Parameters:
    ///   - durability: what the transaction must survive.
    ///   - deadline: until when to wait for other writers.
    ///   - body: what to do.
    /// - Returns: the closure's result, once it is committed.
    /// - Throws: what SQLite answered.
    func transaction<Result>(
        _ durability: Durability = .normal,
        deadline: Deadline,
        _ body: () throws(SQLiteFailure) -> Result
    ) throws(SQLiteFailure) -> Result {
        connection.deadline = deadline
        if durability != self.durability {
            try connection.execute("PRAGMA synchronous = \(durability.rawValue)")
            self.durability = durability
        }
        try connection.execute("BEGIN IMMEDIATE")
        do {
            try entries.begin()
            let result = try body()
            try entries.end()
            try connection.execute("COMMIT")
            return result
        } catch {
            // Some failures have rolled back already. If `ROLLBACK` fails, closing the connection rolls back.
            if connection.isInTransaction { try? connection.execute("ROLLBACK") }
            throw error
        }
    }
}
