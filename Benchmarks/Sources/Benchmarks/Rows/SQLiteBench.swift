import CacheStoresSQLite
import Measuring
import TokenVerification
import TokenVerificationTestSupport

/// Answers in a SQLite file, and a plain connection to the same file.
final class SQLiteBench: Sendable {
    private static let lookups = 5000

    private let directory: TemporaryDirectory
    private let verifier: SampleVerifier
    private let floor: RawSQLite
    private let keys: [[UInt8]]
    /// Each contender goes through the whole order, whenever its turns come.
    private let (ourWindows, rawWindows): (Windows, Windows)
    private let turns: Int

    /// Fills a file with so many answers, and looks them up in an order of their numbers: each once, unless told otherwise.
    init(rows: Int, order: [Int]? = nil) async throws {
        directory = try TemporaryDirectory()
        let path = directory.path(of: "tokens.db")
        let cache = try TokenCache(
            store: SQLiteStore(path: path, capacity: rows),
            timeToLive: .seconds(3600),
            sealing: .secret(SealingSecret(String(repeating: "s", count: 32)))
        )
        // Neighbours in the list are no neighbours in the file's index: digests lie in no order.
        let verifier = try await SampleVerifier(Sample.texts(0..<rows), tasks: 64, in: cache)
        floor = try RawSQLite(path: path).copy(to: directory.path(of: "raw.db"))
        let keys = try floor.keys()
        guard keys.count == rows else { throw BenchmarkError("the file holds \(keys.count) of \(rows) rows") }
        let order = order ?? Array(0..<rows)
        self.verifier = verifier.reordered(order)
        self.keys = order.map { keys[$0] }
        (ourWindows, rawWindows) = (
            Windows(of: Self.lookups, over: order.count), Windows(of: Self.lookups, over: order.count)
        )
        turns = max(1, Self.lookups / order.count)
    }

    /// `verify`, one token after the other.
    var ours: Contender {
        .time(of: Self.lookups, given: ourWindows.next) { [verifier, turns] in
            try await verifier.verify($0, turns: turns)
        }
    }

    /// The same bytes, by a prepared statement.
    var raw: Contender {
        .time(of: Self.lookups, given: rawWindows.next) { [floor, keys, turns] range in
            for _ in 0..<turns {
                guard floor.look(keys[range]) == range.count else { throw BenchmarkError("a row is lost") }
            }
        }
    }

    @Sendable func end() async {
        await verifier.cache.shutdown()
    }
}
