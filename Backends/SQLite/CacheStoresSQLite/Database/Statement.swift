import CCacheStoresSQLite
import CacheStores

/// A prepared statement: the owner of its handle.
///
/// Used by one thread at a time, like the connection that it belongs to.
final class Statement {
    private let handle: OpaquePointer

    /// Compiles one statement that is going to be run many times.
    init(_ text: String, on connection: OpaquePointer) throws(SQLiteFailure) {
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared else { throw Connection.failure(of: connection, code: code) }
        handle = prepared
    }

    deinit {
        sqlite3_finalize(handle)
    }

    func bind(_ number: Int64, at index: Int32) throws(SQLiteFailure) {
        try check(sqlite3_bind_int64(handle, index, number))
    }

    func bind(_ moment: Timestamp, at index: Int32) throws(SQLiteFailure) {
        try bind(moment.millisecondsSince1970, at: index)
    }

    func bind(_ key: CacheKey, at index: Int32) throws(SQLiteFailure) {
        try check(
            key.withUnsafeBytes {
                cache_stores_bind_copied_blob(handle, index, $0.baseAddress, Int32($0.count))
            }
        )
    }

    func bind(_ bytes: [UInt8], at index: Int32) throws(SQLiteFailure) {
        // An empty array may have no address, and SQLite takes a null address for NULL.
        guard !bytes.isEmpty else { return try check(sqlite3_bind_zeroblob(handle, index, 0)) }
        guard let count = Int32(exactly: bytes.count) else {
            throw SQLiteFailure(code: SQLITE_TOOBIG, systemError: 0, text: "value too large")
        }
        try check(
            bytes.withUnsafeBytes { cache_stores_bind_copied_blob(handle, index, $0.baseAddress, count) }
        )
    }

    /// Runs the statement to its first row, hands that to a closure and resets the statement.
    ///
    /// - Returns: the closure's result, or `nil` if there is no row.
    func first<Result>(_ body: (Row) -> Result) throws(SQLiteFailure) -> Result? {
        let code = sqlite3_step(handle)
        defer { sqlite3_reset(handle) }
        switch code {
        case SQLITE_ROW: return body(Row(handle: handle))
        case SQLITE_DONE: return nil
        default: throw Connection.failure(of: sqlite3_db_handle(handle), code: code)
        }
    }

    /// Like ``first(_:)``, with a key as the only argument, which need not be copied.
    func first<Result>(for key: CacheKey, _ body: (Row) -> Result) throws(SQLiteFailure) -> Result? {
        try key.withUnsafeBytes { (bytes) throws(SQLiteFailure) in
            // The binding outlives the bytes, but the statement is not stepped again before it is bound anew.
            try check(cache_stores_bind_borrowed_blob(handle, 1, bytes.baseAddress, Int32(bytes.count)))
            return try first(body)
        }
    }

    /// Runs a statement that has no rows, or whose rows don't matter.
    func run() throws(SQLiteFailure) {
        try first { _ in }
    }

    private func check(_ code: Int32) throws(SQLiteFailure) {
        guard code == SQLITE_OK else { throw Connection.failure(of: sqlite3_db_handle(handle), code: code) }
    }
}

extension Statement {
    /// The row that a statement stands on.
    struct Row {
        fileprivate let handle: OpaquePointer

        func integer(at column: Int32) -> Int64 {
            sqlite3_column_int64(handle, column)
        }

        func moment(at column: Int32) -> Timestamp {
            Timestamp(millisecondsSince1970: integer(at: column))
        }

        /// A number of entries, which is at least one, or `nil` if none is recorded.
        func capacity(at column: Int32) -> Int? {
            guard sqlite3_column_type(handle, column) != SQLITE_NULL else { return nil }
            return max(1, Int(clamping: integer(at: column)))
        }

        func bytes(at column: Int32) -> [UInt8] {
            guard let start = sqlite3_column_blob(handle, column) else { return [] }
            return Array(
                UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
            )
        }
    }
}
