import CacheStores

/// The tables of a store's file, and the numbers in its header that identify it.
enum Schema {
    /// SQLite's `application_id` of a store's file: "CaSt".
    static let applicationID: Int64 = 0x4361_5374
    /// The version of the tables; a release that changes them increments it.
    static let version: Int64 = 2

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
            CREATE TABLE leases (
                key BLOB PRIMARY KEY NOT NULL, holder BLOB NOT NULL, until INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX leases_by_end ON leases (until);
            CREATE TABLE marks (
                key BLOB PRIMARY KEY NOT NULL, moment INTEGER NOT NULL, until INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX marks_by_end ON marks (until);
            PRAGMA application_id = \(applicationID);
            PRAGMA user_version = \(version);
            COMMIT;
            PRAGMA journal_mode = WAL;
            """
        )
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
