import CacheStores
import CacheStoresSQLite
import CacheStoresTesting
import Foundation
import StoreProcesses
import Testing
import TokenVerificationTestSupport

/// Files with random damage: a store may fail or begin anew, but must not crash, hang or stay broken.
@Suite(.timeLimit(.minutes(10))) struct DamageTests {
    private let place: TemporaryStore

    init() throws {
        place = try TemporaryStore()
    }

    /// Uses a store in every way, and ignores the results: a damaged file may hold anything.
    private func use(_ store: SQLiteStore, _ random: inout SplitMix64) async throws {
        for _ in 0..<12 {
            let number = Int.random(in: 0..<400, using: &random)
            do {
                switch Int.random(in: 0..<8, using: &random) {
                case 0..<3: _ = try await store.entry(for: Sample.key(number))
                case 3..<5: try await store.setEntry(Sample.entry(number), for: Sample.key(number))
                case 5: try await store.removeEntry(for: Sample.key(number), holding: .milliseconds(1))
                case 6: _ = try await store.count()
                default: _ = try await store.capacity()
                }
            } catch is StoreError {}
        }
    }

    @Test func `survives changes of single bytes of its files`() async throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix64(seed: seed)
        let original = try place.open(capacity: 300)
        for number in 0..<300 { try await original.setEntry(Sample.entry(number), for: Sample.key(number)) }
        // The first files have all in the log, the others in the database.
        let files = try ["", "-wal"].map { try Data(contentsOf: URL(fileURLWithPath: place.path + $0)) }
        await original.shutdown()
        let whole = try Data(contentsOf: URL(fileURLWithPath: place.path))
        for round in 0..<120 {
            let comment: Comment = "round \(round) of seed \(seed)"
            let path = "\(place.directory)/\(round).db"
            var copies = round.isMultiple(of: 3) ? files : [whole, Data()]
            for _ in 0..<(1 << Int.random(in: 0...6, using: &random)) {
                let file = copies[1].isEmpty ? 0 : Int.random(in: 0...1, using: &random)
                // Headers of files and of pages are where it matters most.
                let page = Int.random(in: 0..<copies[file].count, using: &random) / 4096 * 4096
                let reach = Bool.random(using: &random) ? 16 : 4096
                let position = min(page + .random(in: 0..<reach, using: &random), copies[file].count - 1)
                copies[file][position] = UInt8.random(in: .min ... .max, using: &random)
            }
            if round % 10 == 9 { copies[0].removeLast(.random(in: 1..<copies[0].count, using: &random)) }
            for (suffix, data) in zip(["", "-wal"], copies) where !data.isEmpty {
                try data.write(to: URL(fileURLWithPath: path + suffix))
            }
            do {
                let store = try SQLiteStore(path: path, deadline: .seconds(60))
                try await use(store, &random)
                await store.shutdown()
            } catch let error as StoreError {
                // Bytes of the application's number, of a version, or of the names of tables. SQLite only reads a
                // file whose format's version is newer than its own.
                #expect(
                    [.incompatible, .invalidConfiguration, .readOnly, .unavailable].contains(error.code),
                    comment
                )
            }
        }
    }

    @Test func `tells that the tables of a file are not those of a store`() async throws {
        await (try place.open()).shutdown()
        try RawDatabase(place.path).execute("ALTER TABLE entries RENAME TO entriez")
        let error = #expect(throws: StoreError.self) { try place.open() }
        #expect(error?.code == .incompatible)
    }

    @Test func `gives up a lookup that has no end`() async throws {
        await (try place.open()).shutdown()
        let store = try SQLiteStore(path: place.path, deadline: .seconds(1))
        // From now on a connection is at hand, and the next lookup begins on this thread.
        _ = try? await store.entry(for: Sample.key(1))
        try RawDatabase(place.path).execute(
            """
            DROP TABLE entries;
            CREATE VIEW entries AS WITH RECURSIVE all_numbers (number) AS
            (SELECT 1 UNION ALL SELECT number + 1 FROM all_numbers)
            SELECT number AS sequence, CAST(number AS BLOB) AS key, number AS expiry, x'00' AS value FROM all_numbers
            """
        )
        for _ in 0..<2 {
            let error = await #expect(throws: StoreError.self) {
                _ = try await store.entry(for: Sample.key(1))
            }
            #expect(error?.code == .timedOut)
        }
        let error = await #expect(throws: StoreError.self) { _ = try await store.count() }
        #expect(error?.code == .timedOut)
        await store.shutdown()
    }
}
