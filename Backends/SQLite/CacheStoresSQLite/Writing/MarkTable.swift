import CacheStores

/// The store's marks, within a transaction of the writer.
final class MarkTable {
    private let set: Statement
    private let deletePassed: Statement

    init(_ connection: Connection) throws(SQLiteFailure) {
        set = try connection.prepare(
            """
            INSERT INTO marks (key, moment, until) VALUES (?1, ?2, ?3)
            ON CONFLICT (key) DO UPDATE SET
                moment = CASE WHEN until <= ?4 THEN ?2 ELSE max(moment, ?2) END,
                until = max(until, ?3)
            """
        )
        deletePassed = try connection.prepare(
            "DELETE FROM marks WHERE key IN (SELECT key FROM marks WHERE until <= ?1 ORDER BY until LIMIT 16)"
        )
    }

    /// Marks a key until a moment.
    func set(
        _ moment: Timestamp,
        for key: CacheKey,
        until end: Timestamp,
        now: Timestamp
    ) throws(SQLiteFailure) {
        try deletePassed.bind(now, at: 1)
        try deletePassed.run()
        guard now < end else { return }
        try set.bind(key, at: 1)
        try set.bind(moment, at: 2)
        try set.bind(end, at: 3)
        try set.bind(now, at: 4)
        try set.run()
    }
}
