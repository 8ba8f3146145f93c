import CacheStores
import Foundation
import StoreProcesses
import TokenVerificationTestSupport

/// A file as a release before this one made it, with one entry, under key 1.
struct EarlierFile {
    /// What that release reads at the beginning of each transaction, and writes at its end.
    static let statements = [
        "SELECT capacity, count, hold FROM policy",
        "UPDATE policy SET count = 1, hold = \(never)",
    ]

    private static let never = Timestamp.distantPast.millisecondsSince1970

    /// What follows is the text of that release.
    private static let tables = """
        CREATE TABLE entries (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            key BLOB UNIQUE NOT NULL,
            expiry INTEGER NOT NULL,
            value BLOB NOT NULL
        ) STRICT;
        CREATE INDEX entries_by_expiry ON entries (expiry);
        CREATE TABLE holds (key BLOB PRIMARY KEY NOT NULL, until INTEGER NOT NULL) STRICT;
        CREATE INDEX holds_by_end ON holds (until);
        CREATE TABLE policy (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            version INTEGER NOT NULL,
            capacity INTEGER,
            count INTEGER NOT NULL,
            hold INTEGER NOT NULL
        ) STRICT;
        """

    let database: RawDatabase

    /// Makes the file.
    ///
    /// - Parameters:
    ///   - path: its path.
    ///   - heldUntil: until when nothing at all is stored.
    ///   - keyHeldUntil: until when nothing is stored under key 2.
    /// - Throws: what SQLite answered.
    init(_ path: String, heldUntil: Timestamp = .distantPast, keyHeldUntil: Timestamp? = nil) throws {
        database = try RawDatabase(path)
        try database.execute(
            """
            \(Self.tables)
            INSERT INTO policy VALUES (1, 1, 12, 1, \(heldUntil.millisecondsSince1970));
            INSERT INTO entries (key, expiry, value)
            VALUES (\(Self.literal(1)), \(Timestamp.distantFuture.millisecondsSince1970), x'01');
            PRAGMA application_id = \(0x4361_5374);
            PRAGMA user_version = 1;
            PRAGMA journal_mode = WAL;
            """
        )
        if let keyHeldUntil {
            let end = keyHeldUntil.millisecondsSince1970
            try database.execute("INSERT INTO holds VALUES (\(Self.literal(2)), \(end))")
        }
    }

    private static func literal(_ number: Int) -> String {
        let bytes = Sample.key(number).withUnsafeBytes { Array($0) }
        return "x'\(bytes.map { String(format: "%02x", $0) }.joined())'"
    }
}
