import CacheStores

/// Looks marks up, also in a file of an earlier release, which has no table of marks.
final class MarkLookup {
    private let connection: Connection
    private let findTable: Statement
    private var find: Statement?

    init(_ connection: Connection) throws(SQLiteFailure) {
        self.connection = connection
        findTable = try connection.prepare(
            "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'marks'"
        )
    }

    /// The mark on a key, or `nil`.
    func mark(for key: CacheKey, at now: Timestamp) throws(SQLiteFailure) -> Timestamp? {
        guard let find = try findStatement() else { return nil }
        let found: Timestamp?? = try find.first(for: key) { row in
            now < row.moment(at: 1) ? row.moment(at: 0) : nil
        }
        return found ?? nil
    }

    private func findStatement() throws(SQLiteFailure) -> Statement? {
        if let find { return find }
        guard try findTable.first({ _ in }) != nil else { return nil }
        find = try connection.prepare("SELECT moment, until FROM marks WHERE key = ?1")
        return find
    }
}
