import CacheStores
import CacheStoresSQLite
import Measuring
import TokenVerificationTestSupport

/// Look-ups in a SQLite file, beside a prepared statement that fetches the same bytes.
enum SQLiteReadRows {
    static let all = [
        hit("verify, hit in SQLite, sealed, 100 000 rows", rows: 100_000),
        zipf,
        hit("verify, hit in SQLite, sealed, 1 000 hot rows", rows: 1000),
        missing,
    ]

    private static let lookups = 5000

    private static func hit(_ name: String, rows: Int) -> Row {
        Row(name, .nanoseconds, against: "a prepared statement", .ratio, .atMost(2), rounds: 25) {
            let bench = try await SQLiteBench(rows: rows)
            return Contest(bench.ours, bench.raw, end: bench.end)
        }
    }

    private static let zipf = Row(
        "verify, hit in SQLite, sealed, Zipf(1) over 100 000 rows",
        .nanoseconds,
        against: "a prepared statement",
        .ratio,
        .atMost(1.3),
        rounds: 25
    ) {
        let rows = 100_000
        // So many that no window comes twice.
        let bench = try await SQLiteBench(rows: rows, order: Zipf.draws(110 * lookups, below: rows))
        return Contest(bench.ours, bench.raw, end: bench.end)
    }

    private static let missing = Row(
        "SQLiteStore, look-up miss, 10 000 rows",
        .nanoseconds,
        against: "a prepared statement",
        rounds: 25
    ) {
        let directory = try TemporaryDirectory()
        let path = directory.path(of: "tokens.db")
        let store = try SQLiteStore(path: path, capacity: 10_000)
        try await store.set(RowSource().rows(10_000), tasks: 64)
        let floor = try RawSQLite(path: path).copy(to: directory.path(of: "raw.db"))
        let absent = Sample.keys(20_000..<20_000 + lookups)
        let bytes = absent.map(\.bytes)
        return Contest(
            .time(of: lookups) {
                for key in absent where try await store.entry(for: key) != nil {
                    throw BenchmarkError("the store holds something else")
                }
            },
            .time(of: lookups) {
                guard floor.look(bytes) == 0 else { throw BenchmarkError("the file holds something else") }
            },
            end: {
                await store.shutdown()
                withExtendedLifetime(directory) {}
            }
        )
    }
}
