import CCacheStoresSQLite

/// A connection that knows nothing of stores.
package final class RawDatabase {
    package struct Failure: Error {
        package let code: Int32
        package let text: String
    }

    private var handle: OpaquePointer?

    package init(_ path: String) throws {
        try check(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nil))
        sqlite3_busy_timeout(handle, 20_000)
    }

    deinit {
        sqlite3_close_v2(handle)
    }

    package func execute(_ text: String) throws {
        try check(sqlite3_exec(handle, text, nil, nil, nil))
    }

    /// The first number of the first row.
    package func integer(_ text: String) throws -> Int64? {
        try rows(text, limit: 1) { sqlite3_column_int64($0, 0) }.first
    }

    /// The first text of every row.
    package func texts(_ text: String) throws -> [String] {
        try rows(text, limit: .max) { statement in
            sqlite3_column_text(statement, 0).map { String(cString: $0) } ?? ""
        }
    }

    private func rows<Row>(_ text: String, limit: Int, _ row: (OpaquePointer?) -> Row) throws -> [Row] {
        var statement: OpaquePointer?
        try check(sqlite3_prepare_v2(handle, text, -1, &statement, nil))
        defer { sqlite3_finalize(statement) }
        var rows: [Row] = []
        while rows.count < limit {
            let code = sqlite3_step(statement)
            guard code == SQLITE_ROW else {
                try check(code == SQLITE_DONE ? SQLITE_OK : code)
                break
            }
            rows.append(row(statement))
        }
        return rows
    }

    private func check(_ code: Int32) throws {
        guard code != SQLITE_OK else { return }
        throw Failure(code: code, text: String(cString: sqlite3_errmsg(handle)))
    }
}
