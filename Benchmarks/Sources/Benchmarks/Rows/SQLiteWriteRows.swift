import CacheStores
import CacheStoresSQLite
import Measuring

/// Writes to a SQLite file, beside raw transactions of one row each.
enum SQLiteWriteRows {
    static let all = [
        writes("SQLiteStore, new rows, 64 writers", tasks: 64, target: .atLeast(3)),
        writes("SQLiteStore, new rows, one writer", tasks: 1),
        overwriting, full, expiring, shared(by: 2), shared(by: 8),
    ]

    private static let count = 5000

    private static func writes(_ name: String, tasks: Int, target: Target? = nil) -> Row {
        Row(name, .perSecond, against: "a commit for each row", .ratio, target) {
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

    private static let full = against("SQLiteStore, new rows, 64 writers, full", capacity: count)

    private static let expiring = against(
        "SQLiteStore, new rows, 64 writers, all else expired",
        capacity: 4 * count,
        life: .milliseconds(5)
    )

    /// A store that has something to drop for every row, against one that drops nothing.
    private static func against(
        _ name: String,
        capacity: Int,
        life: Duration = .seconds(3600)
    ) -> Row {
        Row(name, .perSecond, against: "the same with nothing to drop") {
            let directory = try TemporaryDirectory()
            let busy = try SQLiteStore(path: directory.path(of: "busy.db"), capacity: capacity)
            let free = try SQLiteStore(path: directory.path(of: "free.db"), capacity: 10_000_000)
            let (rows, others) = (RowSource(), RowSource())
            try await busy.set(rows.rows(capacity), tasks: 64, living: life)
            return Contest(
                .rate(of: count, given: { rows.rows(count) }) {
                    try await busy.set($0, tasks: 64, living: life)
                },
                .rate(of: count, given: { others.rows(count) }, { try await free.set($0, tasks: 64) }),
                end: {
                    await busy.shutdown()
                    await free.shutdown()
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
            let directory = try TemporaryDirectory()
            let path = directory.path(of: "shared.db")
            let store = try SQLiteStore(path: path, capacity: SharedFileProbe.capacity)
            try await store.set(RowSource().rows(SharedFileProbe.capacity), tasks: 64)
            await store.shutdown()
            return Contest(
                .figure { try await SharedFileProbe.operations(of: processes, on: path) },
                .figure { try await SharedFileProbe.operations(of: 1, on: path) },
                end: { withExtendedLifetime(directory) {} }
            )
        }
    }
}
