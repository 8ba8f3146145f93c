import CacheStores

/// The tables of a store's file, and the numbers in its header that identify it.
enum Schema {
    /// SQLite's `application_id` of a store's file: "CaSt".
    static let applicationID: Int64 = 0x4361_5374
    /// The version of the tables; a release that changes them increments it.
    static let version: Int64 = 2

    /// The table of leases.
    ///
    /// Files of earlier releases lack this table and the next. Each is created when it is first needed. Processes of
    /// an earlier release that have the file open ignore it, so the version stays the same.
    static let leases = """
        CREATE TABLE IF NOT EXISTS leases (
            key BLOB PRIMARY KEY NOT NULL, holder BLOB NOT NULL, until INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX IF NOT EXISTS leases_by_end ON leases (until);
        """

    /// The table of marks.
    static let marks = """
        CREATE TABLE IF NOT EXISTS marks (
            key BLOB PRIMARY KEY NOT NULL, moment INTEGER NOT NULL, until INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX IF NOT EXISTS marks_by_end ON marks (until);
        """

    /// Makes the tables of a new store.
    ///
    /// Neither syncs nor keeps a journal: the file is not used before it is complete, and a file that a power failure
    /// left incomplete is created anew.
    ///
    /// - Parameters:
    ///   - connection: a connection to an empty file.
    ///   - capacity: the capacity to record, if one was chosen.
    /// - Throws: what SQLite answered.
    static func create(on connection: Connection, capacity: Int?) throws(SQLiteFailure) {
        let recorded = capacity.map(String.init) ?? "NULL"
        let never = Timestamp.distantPast.millisecondsSince1970
        try connection.execute(
            """
            PRAGMA synchronous = OFF;
            PRAGMA journal_mode = OFF;
            BEGIN IMMEDIATE;
            CREATE TABLE entries (
                sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                key BLOB UNIQUE NOT NULL,
                expiry INTEGER NOT NULL,
                value BLOB NOT NULL
            ) STRICT;
            CREATE INDEX entries_by_expiry ON entries (expiry);
            CREATE TABLE holds (
                key BLOB PRIMARY KEY NOT NULL, moment INTEGER NOT NULL, until INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX holds_by_end ON holds (until);
            CREATE TABLE policy (
                only INTEGER PRIMARY KEY CHECK (only = 1),
                version INTEGER NOT NULL,
                capacity INTEGER,
                count INTEGER NOT NULL,
                moment INTEGER NOT NULL,
                until INTEGER NOT NULL
            ) STRICT;
            INSERT INTO policy VALUES (1, \(version), \(recorded), 0, \(never), \(never));
            \(leases)
            \(marks)
            PRAGMA application_id = \(applicationID);
            PRAGMA user_version = \(version);
            COMMIT;
            PRAGMA journal_mode = WAL;
            """
        )
    }

    /// Upgrades a file of version 1 to the present version.
    ///
    /// Version 1 records only the end of a removal. Such a removal still forbids every write until its end. A process
    /// of the earlier release that has the file open fails in its next transaction, for lack of a column, and refuses
    /// the file when it opens it again: it records no moments, so it must not write any more.
    ///
    /// - Parameter connection: a connection that may write.
    /// - Throws: what SQLite answered.
    static func upgrade(_ connection: Connection) throws(SQLiteFailure) {
        guard try isOfFirstForm(connection) else { return }
        try connection.execute("BEGIN IMMEDIATE")
        do {
            // Another process may have upgraded the file meanwhile.
            if try isOfFirstForm(connection) {
                try connection.execute(
                    """
                    ALTER TABLE holds ADD COLUMN moment INTEGER NOT NULL DEFAULT 0;
                    UPDATE holds SET moment = until;
                    ALTER TABLE policy RENAME COLUMN hold TO until;
                    ALTER TABLE policy ADD COLUMN moment INTEGER NOT NULL DEFAULT 0;
                    UPDATE policy SET moment = until, version = 2;
                    PRAGMA user_version = 2;
                    """
                )
            }
            try connection.execute("COMMIT")
        } catch {
            if connection.isInTransaction { try? connection.execute("ROLLBACK") }
            throw error
        }
    }

    private static func isOfFirstForm(_ connection: Connection) throws(SQLiteFailure) -> Bool {
        guard try connection.integer("PRAGMA application_id") == applicationID else { return false }
        return try connection.integer("PRAGMA user_version") == 1
    }

    /// Checks that a file is a store's, and of the version that this release supports.
    static func check(_ connection: Connection, path: String) throws {
        guard try connection.integer("PRAGMA application_id") == applicationID else {
            throw StoreError(
                code: .incompatible,
                message: "\(path): the file is the database of another application, not a store's"
            )
        }
        let found = try connection.integer("PRAGMA user_version") ?? 0
        guard found == version else {
            throw StoreError(
                code: .incompatible,
                message: "\(path): the file has schema version \(found), but must have \(version)"
            )
        }
        // Reads the list of tables, so that damage to it shows here.
        guard try connection.integer("SELECT version FROM policy") == version else {
            throw StoreError(
                code: .incompatible,
                message: "\(path): the schema version in the table `policy` must be the header's, \(version)"
            )
        }
    }
}
