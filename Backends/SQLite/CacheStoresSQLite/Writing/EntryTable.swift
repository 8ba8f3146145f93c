import CacheStores

/// The store's entries, within a transaction of the writer.
///
/// The number of rows, expired ones included, never exceeds the capacity, except while a lowered one is worked off. So
/// neither does the number of live entries, without a count of them.
final class EntryTable {
    /// The recorded capacity, if one was ever chosen.
    private(set) var capacity: Int?

    private let connection: Connection
    private let statements: WriteStatements
    private var count: Int64 = 0
    /// The removals of everything.
    private var removal = RememberedRemoval.none
    private var isChanged = false
    /// No entry expires before this moment.
    private var earliestExpiry = Timestamp.distantFuture
    /// No removal of a single key is remembered for longer than this.
    private var latestRemoval = Timestamp.distantPast

    init(_ connection: Connection) throws(SQLiteFailure) {
        self.connection = connection
        statements = try WriteStatements(connection)
    }

    /// Reads what the transaction starts from.
    func begin() throws(SQLiteFailure) {
        try statements.policy.first { row in
            capacity = row.capacity(at: 0)
            // The file may hold any number, and arithmetic on it must not overflow.
            count = min(max(0, row.integer(at: 1)), 1 << 52)
            removal = row.removal(at: 2)
        }
        earliestExpiry = try statements.earliestExpiry.first { $0.moment(at: 0) } ?? .distantFuture
        latestRemoval = try statements.latestRemoval.first { $0.moment(at: 0) } ?? .distantPast
        isChanged = false
    }

    /// Writes back what the transaction changed.
    func end() throws(SQLiteFailure) {
        guard isChanged else { return }
        try statements.save.bind(count, at: 1)
        try statements.save.bind(removal.moment, at: 2)
        try statements.save.bind(removal.end, at: 3)
        try statements.save.run()
    }

    /// Records a capacity for all processes.
    func record(capacity: Int) throws(SQLiteFailure) {
        try statements.record.bind(Int64(capacity), at: 1)
        try statements.record.run()
    }

    /// The place and the expiry of a key's row.
    func row(for key: CacheKey) throws(SQLiteFailure) -> (sequence: Int64, expiry: Timestamp)? {
        try statements.find.first(for: key) { ($0.integer(at: 0), $0.moment(at: 1)) }
    }

    /// Whether a remembered removal forbids a write; `asked` is `nil` if the entry answers no question.
    func isForbidden(_ key: CacheKey, asked: Timestamp?, at now: Timestamp) throws(SQLiteFailure) -> Bool {
        if removal.forbids(asked: asked, at: now) { return true }
        guard now < latestRemoval else { return false }
        let removal = try statements.findRemoval.first(for: key) { $0.removal(at: 0) }
        return removal?.forbids(asked: asked, at: now) ?? false
    }

    /// Puts an entry at the tail.
    func append(_ entry: CacheEntry<[UInt8]>, for key: CacheKey) throws(SQLiteFailure) {
        try statements.insert.bind(key, at: 1)
        try statements.insert.bind(entry.expiry, at: 2)
        try statements.insert.bind(entry.value, at: 3)
        try statements.insert.run()
        earliestExpiry = min(earliestExpiry, entry.expiry)
        changeCount(by: 1)
    }

    /// Gives a row another entry.
    func replace(_ sequence: Int64, with entry: CacheEntry<[UInt8]>) throws(SQLiteFailure) {
        try statements.update.bind(sequence, at: 1)
        try statements.update.bind(entry.expiry, at: 2)
        try statements.update.bind(entry.value, at: 3)
        try statements.update.run()
        earliestExpiry = min(earliestExpiry, entry.expiry)
    }

    func delete(_ sequence: Int64) throws(SQLiteFailure) {
        try statements.delete.bind(sequence, at: 1)
        try statements.delete.run()
        changeCount(by: -connection.changes)
    }

    /// By how many rows the store exceeds a capacity once one more is appended.
    func excess(over capacity: Int) -> Int64 {
        count - Int64(capacity) + 1
    }

    /// Drops the rows that expired first.
    func dropExpired(at now: Timestamp, limit: Int64) throws(SQLiteFailure) -> Int64 {
        guard earliestExpiry <= now, limit > 0 else { return 0 }
        try statements.deleteExpired.bind(now, at: 1)
        try statements.deleteExpired.bind(limit, at: 2)
        try statements.deleteExpired.run()
        let dropped = connection.changes
        changeCount(by: -dropped)
        earliestExpiry = try statements.earliestExpiry.first { $0.moment(at: 0) } ?? .distantFuture
        return dropped
    }

    /// Whether there may be an expired row left.
    func mayHoldExpired(at now: Timestamp) -> Bool {
        earliestExpiry <= now
    }

    /// Drops the rows that were inserted first.
    ///
    /// One by one: it is one row almost always, and a statement for several rows is slower for one.
    func dropOldest(_ limit: Int64) throws(SQLiteFailure) -> Int64 {
        var dropped: Int64 = 0
        while dropped < limit, let oldest = try statements.firstSequence.first({ $0.integer(at: 0) }) {
            try delete(oldest)
            dropped += 1
        }
        return dropped
    }

    /// The place of the last row.
    func lastSequence() throws(SQLiteFailure) -> Int64? {
        try statements.lastSequence.first { $0.integer(at: 0) }
    }

    /// Drops the first rows up to a place.
    ///
    /// - Returns: whether none of them is left.
    func dropRows(through sequence: Int64, limit: Int) throws(SQLiteFailure) -> Bool {
        try statements.deleteThrough.bind(sequence, at: 1)
        try statements.deleteThrough.bind(Int64(limit), at: 2)
        try statements.deleteThrough.run()
        let dropped = connection.changes
        changeCount(by: -dropped)
        return dropped < limit
    }

    /// Remembers the removal of a key.
    func remember(_ removal: RememberedRemoval, of key: CacheKey) throws(SQLiteFailure) {
        try statements.remember.bind(key, at: 1)
        try statements.remember.bind(removal.moment, at: 2)
        try statements.remember.bind(removal.end, at: 3)
        try statements.remember.run()
        latestRemoval = max(latestRemoval, removal.end)
    }

    /// Remembers the removal of everything.
    func remember(_ removal: RememberedRemoval) {
        self.removal.add(removal)
        isChanged = true
    }

    /// Forgets some removals whose time has passed.
    func dropPassedRemovals(at now: Timestamp) throws(SQLiteFailure) {
        try statements.deletePassedRemovals.bind(now, at: 1)
        try statements.deletePassedRemovals.run()
    }

    private func changeCount(by difference: Int64) {
        count += difference
        isChanged = true
    }
}

extension Statement.Row {
    /// What is remembered of a removal: its moment, and in the next column the end.
    fileprivate func removal(at column: Int32) -> RememberedRemoval {
        RememberedRemoval(moment: moment(at: column), end: moment(at: column + 1))
    }
}
