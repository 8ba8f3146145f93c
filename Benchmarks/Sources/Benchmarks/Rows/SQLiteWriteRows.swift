import CacheStores
import CacheStoresSQLite
import Measuring
import TokenVerificationTestSupport

/// Writes to a SQLite file, beside raw transactions of one row each.
enum SQLiteWriteRows {
    static let all = [
        full, growing(tasks: 64), growing(tasks: 1), overwriting, expiring, shared(by: 2), shared(by: 8),
    ]

    private static let count = 5000

    private static func growing(tasks: Int) -> Row {
        let name = "SQLiteStore, new rows while growing, \(tasks == 1 ? "one writer" : "\(tasks) writers")"
        return Row(name, .perSecond, against: "a commit for each row") {
            let directory = try TemporaryDirectory()
            let store = try SQLiteStore(path: directory.path(of: "ours.db"), capacity: 10_000_000)
            let floor = try RawSQLite(path: directory.path(of: "raw.db"))
            let (rows, others) = (RowSource(), RowSource())
            return Contest(
                .rate(of: count, given: { rows.rows(count) }, { try await store.set($0, tasks: tasks) }),
                .rate(of: count, given: { others.rows(count) }, { try floor.insert($0) }),
                end: {
                    await store.shutdown()
                    withExtendedLifetime(directory) {}
                }
            )
        }
    }

    private static let overwriting = Row(
        "SQLiteStore, overwrite, 64 writers",
        .perSecond,
        against: "a commit for each row"
    ) {
        let directory = try TemporaryDirectory()
        let store = try SQLiteStore(path: directory.path(of: "ours.db"), capacity: count)
        let floor = try RawSQLite(path: directory.path(of: "raw.db"))
        let (rows, others) = (RowSource(), RowSource())
        try await store.set(rows.rows(count), tasks: 64)
        try floor.insert(others.rows(count))
        return Contest(
            .rate(of: count, given: { rows.values(count) }, { try await store.set($0, tasks: 64) }),
            .rate(of: count, given: { others.values(count) }, { try floor.overwrite($0) }),
            end: {
                await store.shutdown()
                withExtendedLifetime(directory) {}
            }
        )
    }

    private static let full = dropping(
        "SQLiteStore, new rows at capacity, 64 writers",
        capacity: 10_000,
        target: .atLeast(4)
    )

    private static let expiring = dropping(
        "SQLiteStore, new rows, all else expired, 64 writers",
        capacity: 4 * count,
        life: .milliseconds(5)
    )

    /// A store that has something to drop for every row.
    private static func dropping(
        _ name: String,
        capacity: Int,
        life: Duration = .seconds(3600),
        target: Target? = nil
    ) -> Row {
        Row(name, .perSecond, against: "a commit for each row, nothing dropped", .ratio, target) {
            let directory = try TemporaryDirectory()
            let store = try SQLiteStore(path: directory.path(of: "ours.db"), capacity: capacity)
            let floor = try RawSQLite(path: directory.path(of: "raw.db"))
            let (rows, others) = (RowSource(), RowSource())
            try await store.set(rows.rows(capacity), tasks: 64, living: life)
            return Contest(
                .rate(of: count, given: { rows.rows(count) }) {
                    try await store.set($0, tasks: 64, living: life)
                },
                .rate(of: count, given: { others.rows(count) }, { try floor.insert($0) }),
                end: {
                    await store.shutdown()
                    withExtendedLifetime(directory) {}
                }
            )
        }
    }

    private static func shared(by processes: Int) -> Row {
        Row(
            "SQLiteStore, 95 % look-ups, \(processes) processes",
            .perSecond,
            against: "one process",
            rounds: 9
        ) {
            Contest(
                .figure { try await SharedFileProbe.operations(of: processes) },
                .figure { try await SharedFileProbe.operations(of: 1) }
            )
        }
    }
}
