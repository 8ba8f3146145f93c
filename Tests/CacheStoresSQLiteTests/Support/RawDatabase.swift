import CCacheStoresSQLite

/// A connection that knows nothing of stores.
final class RawDatabase {
    struct Failure: Error {
        let code: Int32
        let text: String
    }

    private var handle: OpaquePointer?

    init(_ path: String) throws {
        try check(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nil))
        sqlite3_busy_timeout(handle, 20_000)
    }

    deinit {
        sqlite3_close_v2(handle)
    }

    func execute(_ text: String) throws {
        try check(sqlite3_exec(handle, text, nil, nil, nil))
    }

    /// The first number of the first row.
    func integer(_ text: String) throws -> Int64? {
        var statement: OpaquePointer?
        try check(sqlite3_prepare_v2(handle, text, -1, &statement, nil))
        defer { sqlite3_finalize(statement) }
        let code = sqlite3_step(statement)
        if code == SQLITE_ROW { return sqlite3_column_int64(statement, 0) }
        try check(code == SQLITE_DONE ? SQLITE_OK : code)
        return nil
    }

    private func check(_ code: Int32) throws {
        guard code != SQLITE_OK else { return }
        throw Failure(code: code, text: String(cString: sqlite3_errmsg(handle)))
    }
}
