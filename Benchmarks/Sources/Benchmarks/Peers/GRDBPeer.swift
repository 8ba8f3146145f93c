import CacheStores
import Foundation
import GRDB
import Measuring
import TokenVerificationTestSupport

/// A cache in a file as one writes it with GRDB: a `DatabasePool`, a record type, and a row at a time.
final class GRDBPeer: Sendable {
    private struct Entry: Codable, FetchableRecord, PersistableRecord {
        let key: Data
        let expiry: Double
        let value: Data

        /// What the authority said about a token, for an hour.
        init(about text: String) {
            key = Data(Sample.key(of: text).bytes)
            expiry = Date().timeIntervalSince1970 + 3600
            value = Data(SampleAnswer.json.utf8)
        }
    }

    private let directory: TemporaryDirectory
    private let pool: DatabasePool

    init(entries: Int) async throws {
        directory = try TemporaryDirectory()
        pool = try DatabasePool(path: directory.path(of: "peer.db"))
        try await pool.write { database in
            try database.create(table: "entry") { table in
                table.primaryKey("key", .blob)
                table.column("expiry", .double).notNull()
                table.column("value", .blob).notNull()
            }
            for text in Sample.texts(0..<entries) { try Entry(about: text).insert(database) }
        }
    }

    /// Reads one row after the other.
    func get(_ texts: [String]) async throws {
        for text in texts {
            let key = Data(Sample.key(of: text).bytes)
            let entry = try await pool.read { try Entry.fetchOne($0, key: key) }
            guard let entry, Date().timeIntervalSince1970 < entry.expiry,
                try JSONDecoder().decode(PlainAnswer.self, from: entry.value).active
            else { throw BenchmarkError("a row is lost") }
        }
    }

    /// Writes one row after the other.
    func set(_ texts: [String]) async throws {
        for text in texts {
            let entry = Entry(about: text)
            try await pool.write { try entry.insert($0, onConflict: .replace) }
        }
    }

    @Sendable func end() async {
        try? pool.close()
    }
}
