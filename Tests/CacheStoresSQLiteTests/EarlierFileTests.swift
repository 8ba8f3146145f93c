import CacheStores
import CacheStoresSQLite
import CacheStoresTesting
import StoreProcesses
import Testing

/// Leases and marks in files that the release before them made, also while its processes still run.
@Suite(.timeLimit(.minutes(5))) struct EarlierFileTests {
    private let place: TemporaryStore
    private let clock = ManualClock()

    init() throws {
        place = try TemporaryStore()
    }

    /// Makes a file as the earlier release did, with one entry.
    private func makeEarlierFile() async throws {
        let store = try open()
        try await store.setEntry(CacheEntry([1], expiry: .distantFuture), for: Sample.key(1))
        await store.shutdown()
        let database = try RawDatabase(place.path)
        try database.execute("DROP TABLE leases; DROP TABLE marks")
        #expect(try database.integer("SELECT count(*) FROM sqlite_schema WHERE type = 'table'") == 4)
    }

    private func open() throws -> SQLiteStore {
        try SQLiteStore(path: place.path, clock: WallClock(clock), deadline: .seconds(20))
    }

    private func marks(_ store: SQLiteStore) async throws -> [Timestamp?] {
        try await store.marks(for: [Sample.key(1), Sample.key(2)])
    }

    @Test func `are opened and read without a write`() async throws {
        try await makeEarlierFile()
        let observer = try RawDatabase(place.path)
        let version = try observer.integer("PRAGMA data_version")
        let store = try open()
        #expect(try await store.entry(for: Sample.key(1)) != nil)
        #expect(try await marks(store) == [nil, nil])
        await store.shutdown()
        #expect(try observer.integer("PRAGMA data_version") == version)
    }

    @Test func `take leases and marks all the same, and keep their form`() async throws {
        try await makeEarlierFile()
        let store = try open()
        let holder = LeaseHolder()
        #expect(try await store.acquireLease(for: Sample.key(1), as: holder, lasting: .seconds(2)))
        #expect(try await !store.acquireLease(for: Sample.key(1), as: LeaseHolder(), lasting: .seconds(2)))
        try await store.setMark(clock.now, for: Sample.key(2), until: clock.now.advanced(by: .seconds(9)))
        #expect(try await marks(store) == [nil, clock.now])
        #expect(try await store.count() == 1)
        let database = try RawDatabase(place.path)
        #expect(try database.integer("PRAGMA user_version") == 1)
        #expect(try database.integer("SELECT version FROM policy") == 1)
        await store.shutdown()
    }

    @Test func `go on under whoever has them open when the tables come`() async throws {
        try await makeEarlierFile()
        let (earlier, later) = (try open(), try open())
        // Everything is prepared while the tables are not there.
        try await earlier.setEntry(CacheEntry([2], expiry: .distantFuture), for: Sample.key(2))
        #expect(try await marks(earlier) == [nil, nil])
        try await later.setMark(clock.now, for: Sample.key(1), until: clock.now.advanced(by: .seconds(9)))
        _ = try await later.acquireLease(for: Sample.key(1), as: LeaseHolder(), lasting: .seconds(2))
        for number in 3..<6 {
            try await earlier.setEntry(CacheEntry([2], expiry: .distantFuture), for: Sample.key(number))
            #expect(try await earlier.entry(for: Sample.key(number)) != nil)
        }
        #expect(try await earlier.removeEntry(for: Sample.key(1), holding: .seconds(1)))
        #expect(try await earlier.count() == 4)
        #expect(try await marks(earlier) == [clock.now, nil])
        #expect(try await !earlier.acquireLease(for: Sample.key(1), as: LeaseHolder(), lasting: .seconds(2)))
        for store in [earlier, later] { await store.shutdown() }
    }

    @Test func `keep marks for the next process`() async throws {
        let first = try open()
        try await first.setMark(clock.now, for: Sample.key(1), until: clock.now.advanced(by: .seconds(9)))
        await first.shutdown()
        let second = try open()
        #expect(try await marks(second) == [clock.now, nil])
        clock.advance(by: .seconds(9))
        #expect(try await marks(second) == [nil, nil])
        await second.shutdown()
    }
}
