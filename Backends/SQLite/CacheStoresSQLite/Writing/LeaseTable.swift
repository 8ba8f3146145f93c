import CacheStores

/// The store's leases, within a transaction of the writer.
final class LeaseTable {
    private let find: Statement
    private let set: Statement
    private let delete: Statement
    private let deletePassed: Statement

    init(_ connection: Connection) throws(SQLiteFailure) {
        find = try connection.prepare("SELECT holder = ?2, until FROM leases WHERE key = ?1")
        set = try connection.prepare(
            """
            INSERT INTO leases (key, holder, until) VALUES (?1, ?2, ?3)
            ON CONFLICT (key) DO UPDATE SET holder = excluded.holder, until = excluded.until
            """
        )
        delete = try connection.prepare("DELETE FROM leases WHERE key = ?1 AND holder = ?2")
        deletePassed = try connection.prepare(
            "DELETE FROM leases WHERE key IN (SELECT key FROM leases WHERE until <= ?1 ORDER BY until LIMIT 16)"
        )
    }

    /// Takes a lease until a moment, and returns whether it was free.
    func acquire(
        _ key: CacheKey,
        as holder: LeaseHolder,
        until end: Timestamp,
        now: Timestamp
    ) throws(SQLiteFailure) -> Bool {
        try deletePassed.bind(now, at: 1)
        try deletePassed.run()
        try find.bind(key, at: 1)
        try find.bind(holder.bytes, at: 2)
        let isFree = try find.first { $0.integer(at: 0) == 1 || $0.moment(at: 1) <= now } ?? true
        guard isFree else { return false }
        try set.bind(key, at: 1)
        try set.bind(holder.bytes, at: 2)
        try set.bind(end, at: 3)
        try set.run()
        return true
    }

    /// Gives a lease back, if it is the holder's.
    func release(_ key: CacheKey, as holder: LeaseHolder) throws(SQLiteFailure) {
        try delete.bind(key, at: 1)
        try delete.bind(holder.bytes, at: 2)
        try delete.run()
    }
}
