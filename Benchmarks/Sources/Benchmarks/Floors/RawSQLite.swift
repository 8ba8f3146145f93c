import CBenchmarks
import CacheStores

/// SQLite as it is: one connection, prepared statements, no threads, and as large a cache as ours has.
///
/// `@unchecked Sendable` because a row's contenders take turns, so one task at a time uses it.
final class RawSQLite: @unchecked Sendable {
    private let connection: OpaquePointer
    private let lookup: OpaquePointer
    private let insertion: OpaquePointer
    private let update: OpaquePointer
    private var copy = [UInt8](repeating: 0, count: 1 << 16)

    /// Opens a file that has a store's table of entries, or makes one.
    init(path: String) throws {
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        guard sqlite3_open_v2(path, &opened, flags, nil) == SQLITE_OK, let connection = opened else {
            throw BenchmarkError("SQLite can't open \(path)")
        }
        self.connection = connection
        let schema = """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = NORMAL;
            PRAGMA cache_size = -8000;
            CREATE TABLE IF NOT EXISTS entries (
                sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                key BLOB UNIQUE NOT NULL,
                expiry INTEGER NOT NULL,
                value BLOB NOT NULL
            ) STRICT;
            CREATE INDEX IF NOT EXISTS entries_by_expiry ON entries (expiry);
            """
        guard sqlite3_exec(connection, schema, nil, nil, nil) == SQLITE_OK else {
            throw BenchmarkError(String(cString: sqlite3_errmsg(connection)))
        }
        lookup = try Self.prepare("SELECT expiry, value FROM entries WHERE key = ?1", on: connection)
        insertion = try Self.prepare(
            "INSERT INTO entries (key, value, expiry) VALUES (?1, ?2, ?3)",
            on: connection
        )
        update = try Self.prepare("UPDATE entries SET value = ?2 WHERE key = ?1", on: connection)
    }

    /// Copies the file, page by page as it is, and opens the copy.
    ///
    /// A process's connections to one file have locks in common, so our own would make the floor faster.
    func copy(to path: String) throws -> RawSQLite {
        var target: OpaquePointer?
        defer { sqlite3_close_v2(target) }
        guard sqlite3_open(path, &target) == SQLITE_OK,
            let backup = sqlite3_backup_init(target, "main", connection, "main")
        else { throw BenchmarkError("SQLite can't write \(path)") }
        sqlite3_backup_step(backup, -1)
        guard sqlite3_backup_finish(backup) == SQLITE_OK else {
            throw BenchmarkError("SQLite can't copy to \(path)")
        }
        let copy = try RawSQLite(path: path)
        // SQLite asks for the file's size at each lookup while the log is empty, which ours is not either.
        guard sqlite3_exec(copy.connection, "PRAGMA user_version = 1", nil, nil, nil) == SQLITE_OK else {
            throw BenchmarkError("SQLite can't write \(path)")
        }
        return copy
    }

    deinit {
        for statement in [lookup, insertion, update] { sqlite3_finalize(statement) }
        sqlite3_close_v2(connection)
    }

    /// The keys of all rows, in the order of insertion.
    func keys() throws -> [[UInt8]] {
        let statement = try Self.prepare("SELECT key FROM entries ORDER BY sequence", on: connection)
        defer { sqlite3_finalize(statement) }
        var keys: [[UInt8]] = []
        while sqlite3_step(statement) == SQLITE_ROW {
            let bytes = UnsafeRawBufferPointer(
                start: sqlite3_column_blob(statement, 0),
                count: Int(sqlite3_column_bytes(statement, 0))
            )
            keys.append(Array(bytes))
        }
        return keys
    }

    /// Looks keys up, one after the other, copies each value, and gives how many there were.
    func look(_ keys: some Sequence<[UInt8]>) -> Int {
        var found = 0
        for key in keys where key.withUnsafeBytes(isFound) { found += 1 }
        return found
    }

    /// Inserts rows, each in a transaction of its own.
    func insert(_ rows: [RowSource.Row]) throws {
        for row in rows {
            sqlite3_bind_int64(insertion, 3, 4_102_444_800_000)
            try run(insertion, row)
        }
    }

    /// Overwrites rows, each in a transaction of its own.
    func overwrite(_ rows: [RowSource.Row]) throws {
        for row in rows { try run(update, row) }
    }

    private func isFound(_ key: UnsafeRawBufferPointer) -> Bool {
        bind(key, to: lookup, at: 1)
        defer { sqlite3_reset(lookup) }
        guard sqlite3_step(lookup) == SQLITE_ROW, sqlite3_column_int64(lookup, 0) > 0 else { return false }
        let value = UnsafeRawBufferPointer(
            start: sqlite3_column_blob(lookup, 1),
            count: Int(sqlite3_column_bytes(lookup, 1))
        )
        copy.withUnsafeMutableBytes { $0.copyMemory(from: value) }
        return true
    }

    private func run(_ statement: OpaquePointer, _ row: RowSource.Row) throws {
        let code = row.key.withUnsafeBytes { key in
            row.value.withUnsafeBytes { value in
                bind(key, to: statement, at: 1)
                bind(value, to: statement, at: 2)
                defer { sqlite3_reset(statement) }
                return sqlite3_step(statement)
            }
        }
        guard code == SQLITE_DONE, sqlite3_changes(connection) == 1 else {
            throw BenchmarkError(String(cString: sqlite3_errmsg(connection)))
        }
    }

    private func bind(_ bytes: UnsafeRawBufferPointer, to statement: OpaquePointer, at index: Int32) {
        benchmarks_bind_borrowed_blob(statement, index, bytes.baseAddress, Int32(bytes.count))
    }

    private static func prepare(_ text: String, on connection: OpaquePointer) throws -> OpaquePointer {
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v3(
            connection,
            text,
            -1,
            UInt32(SQLITE_PREPARE_PERSISTENT),
            &prepared,
            nil
        )
        guard code == SQLITE_OK, let prepared else {
            throw BenchmarkError(String(cString: sqlite3_errmsg(connection)))
        }
        return prepared
    }
}
