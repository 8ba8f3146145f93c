import CacheStores
import CacheStoresWaiting

/// A connection that looks entries up, and the statements for that.
///
/// `@unchecked Sendable` for the reason that its connection is: it has one user at a time.
final class Reader: @unchecked Sendable {
    let identity: FileIdentity

    private let connection: Connection
    private let file: StoreFile
    private let lookup: Statement
    private let markLookup: Statement
    private var nextCheck: ContinuousClock.Instant
    private var rate = LookupRate()

    init(_ connection: Connection, identity: FileIdentity, file: StoreFile) throws(SQLiteFailure) {
        self.connection = connection
        self.identity = identity
        self.file = file
        lookup = try connection.prepare("SELECT expiry, value FROM entries WHERE key = ?1")
        markLookup = try connection.prepare("SELECT moment, until FROM marks WHERE key = ?1")
        nextCheck = Self.checkAfter(.now)
    }

    /// Until when to wait for locks; `nil` not to wait.
    var deadline: Deadline? {
        get { connection.deadline }
        set { connection.deadline = newValue }
    }

    /// Whether the path still names the file that this connection leads to, as of a second ago.
    ///
    /// - Parameter now: the moment.
    /// - Returns: whether a new connection would lead to the same file.
    func isCurrent(at now: ContinuousClock.Instant) -> Bool {
        guard now >= nextCheck else { return true }
        nextCheck = Self.checkAfter(now)
        return file.names(identity)
    }

    /// Counts a lookup.
    ///
    /// - Parameter now: the moment.
    /// - Returns: at the end of an interval, whether the rate of lookups is high; otherwise `false`.
    func noteLookup(at now: ContinuousClock.Instant) -> Bool {
        rate.note(at: now)
    }

    /// Takes the read lock on the latest commit, and keeps it until ``releaseLock()``.
    func takeLock() throws(SQLiteFailure) {
        // `BEGIN` takes no lock, but the first look at a table does.
        try connection.execute("BEGIN; SELECT only FROM policy")
    }

    /// Gives the lock back.
    func releaseLock() throws(SQLiteFailure) {
        try connection.execute("COMMIT")
    }

    /// The live entry for a key, or `nil`.
    func entry(for key: CacheKey, clock: WallClock) throws(SQLiteFailure) -> CacheEntry<[UInt8]>? {
        let found: CacheEntry<[UInt8]>?? = try lookup.first(for: key) { row in
            let expiry = row.moment(at: 0)
            guard clock.now < expiry else { return nil }
            return CacheEntry(row.bytes(at: 1), expiry: expiry)
        }
        return found ?? nil
    }

    /// The marks on some keys, in their order.
    func marks(for keys: [CacheKey], at now: Timestamp) throws(SQLiteFailure) -> [Timestamp?] {
        var marks: [Timestamp?] = []
        for key in keys {
            let mark = try markLookup.first(for: key) { row in
                (moment: row.moment(at: 0), end: row.moment(at: 1))
            }
            marks.append(mark.flatMap { now < $0.end ? $0.moment : nil })
        }
        return marks
    }

    /// Copies the write-ahead log into the file.
    func copyLog() {
        connection.copyLog()
    }

    /// How many entries are live.
    func count(at now: Timestamp) throws(SQLiteFailure) -> Int {
        let statement = try connection.prepare("SELECT count(*) FROM entries WHERE expiry > ?1")
        try statement.bind(now, at: 1)
        return Int(clamping: try statement.first { $0.integer(at: 0) } ?? 0)
    }

    /// The recorded capacity, if one was ever chosen.
    func capacity() throws(SQLiteFailure) -> Int? {
        let statement = try connection.prepare("SELECT capacity FROM policy")
        let found = try statement.first { $0.capacity(at: 0) }
        return found ?? nil
    }

    private static func checkAfter(_ now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        // The store promises a second; the rest of it is for the lookup itself.
        now + .milliseconds(900)
    }
}
