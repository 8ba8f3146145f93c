/// The prepared statements of the writer's connection.
struct WriteStatements {
    let policy: Statement
    let save: Statement
    let record: Statement
    let earliestExpiry: Statement
    let find: Statement
    let findRemoval: Statement
    let latestRemoval: Statement
    let insert: Statement
    let update: Statement
    let delete: Statement
    let deleteExpired: Statement
    let firstSequence: Statement
    let lastSequence: Statement
    let deleteThrough: Statement
    let remember: Statement
    let deletePassedRemovals: Statement

    init(_ connection: Connection) throws(SQLiteFailure) {
        policy = try connection.prepare("SELECT capacity, count, moment, until FROM policy")
        save = try connection.prepare("UPDATE policy SET count = ?1, moment = ?2, until = ?3")
        record = try connection.prepare("UPDATE policy SET capacity = ?1")
        earliestExpiry = try connection.prepare("SELECT expiry FROM entries ORDER BY expiry LIMIT 1")
        find = try connection.prepare("SELECT sequence, expiry FROM entries WHERE key = ?1")
        findRemoval = try connection.prepare("SELECT moment, until FROM holds WHERE key = ?1")
        latestRemoval = try connection.prepare("SELECT until FROM holds ORDER BY until DESC LIMIT 1")
        insert = try connection.prepare("INSERT INTO entries (key, expiry, value) VALUES (?1, ?2, ?3)")
        update = try connection.prepare("UPDATE entries SET expiry = ?2, value = ?3 WHERE sequence = ?1")
        delete = try connection.prepare("DELETE FROM entries WHERE sequence = ?1")
        deleteExpired = try connection.prepare(
            """
            DELETE FROM entries WHERE sequence IN
            (SELECT sequence FROM entries WHERE expiry <= ?1 ORDER BY expiry LIMIT ?2)
            """
        )
        firstSequence = try connection.prepare("SELECT sequence FROM entries ORDER BY sequence LIMIT 1")
        lastSequence = try connection.prepare("SELECT sequence FROM entries ORDER BY sequence DESC LIMIT 1")
        deleteThrough = try connection.prepare(
            """
            DELETE FROM entries WHERE sequence IN
            (SELECT sequence FROM entries WHERE sequence <= ?1 ORDER BY sequence LIMIT ?2)
            """
        )
        remember = try connection.prepare(
            """
            INSERT INTO holds (key, moment, until) VALUES (?1, ?2, ?3)
            ON CONFLICT (key) DO UPDATE SET
                moment = max(moment, excluded.moment),
                until = max(until, excluded.until)
            """
        )
        deletePassedRemovals = try connection.prepare(
            "DELETE FROM holds WHERE key IN (SELECT key FROM holds WHERE until <= ?1 ORDER BY until LIMIT 16)"
        )
    }
}
