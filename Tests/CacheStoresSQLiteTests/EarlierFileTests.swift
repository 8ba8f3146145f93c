import CacheStores
import CacheStoresSQLite
import CacheStoresTesting
import StoreProcesses
import Testing
import TokenVerificationTestSupport

/// Files of earlier releases, also while processes of those releases still run.
@Suite(.timeLimit(.minutes(10))) struct EarlierFileTests {
    private let place: TemporaryStore
    private let clock = ManualClock()

    init() throws {
        place = try TemporaryStore()
    }

    private func open() throws -> SQLiteStore {
        try SQLiteStore(path: place.path, clock: WallClock(clock), deadline: .seconds(20))
    }

    private func marks(_ store: SQLiteStore) async throws -> [Timestamp?] {
        try await store.marks(for: [Sample.key(1), Sample.key(2)])
    }

    private func isStored(_ number: Int, asked: Timestamp?, in store: SQLiteStore) async throws -> Bool {
        let entry = CacheEntry([2] as [UInt8], expiry: .distantFuture)
        try await store.setEntry(entry, for: Sample.key(number), asked: asked, before: nil)
        return try await store.entry(for: Sample.key(number)) != nil
    }

    @Test func `get the present form once, and keep what they hold`() async throws {
        let file = try EarlierFile(place.path)
        let store = try open()
        #expect(try await store.entry(for: Sample.key(1)) != nil)
        #expect(try await store.capacity() == 12)
        #expect(try await marks(store) == [nil, nil])
        #expect(try file.database.integer("PRAGMA user_version") == 2)
        #expect(try file.database.integer("SELECT version FROM policy") == 2)
        let version = try file.database.integer("PRAGMA data_version")
        let next = try open()
        #expect(try await next.count() == 1)
        #expect(try file.database.integer("PRAGMA data_version") == version)
        for store in [store, next] { await store.shutdown() }
    }

    @Test func `keep forbidding all that a hold without a moment forbade`() async throws {
        let end = clock.now.advanced(by: .seconds(10))
        _ = try EarlierFile(place.path, keyHeldUntil: end)
        let store = try open()
        #expect(try await !isStored(2, asked: clock.now.advanced(by: .seconds(11)), in: store))
        #expect(try await isStored(3, asked: nil, in: store))
        clock.advance(by: .milliseconds(9_999))
        #expect(try await !isStored(2, asked: clock.now, in: store))
        clock.advance(by: .milliseconds(1))
        #expect(try await isStored(2, asked: nil, in: store))
    }

    @Test func `keep forbidding everything until the hold on everything ends`() async throws {
        _ = try EarlierFile(place.path, heldUntil: clock.now.advanced(by: .seconds(10)))
        let store = try open()
        clock.advance(by: .milliseconds(9_999))
        #expect(try await !isStored(2, asked: clock.now, in: store))
        clock.advance(by: .milliseconds(1))
        #expect(try await isStored(2, asked: nil, in: store))
    }

    @Test func `get it from one of several that open them at once`() async throws {
        let file = try EarlierFile(place.path)
        try await withThrowingTaskGroup { group in
            for number in 2..<10 {
                group.addTask {
                    let store = try open()
                    #expect(try await isStored(number, asked: nil, in: store))
                    await store.shutdown()
                }
            }
            try await group.waitForAll()
        }
        #expect(try file.database.integer("SELECT count FROM policy WHERE version = 2") == 9)
    }

    @Test func `are shut to processes of that release that have them open`() async throws {
        let file = try EarlierFile(place.path)
        for statement in EarlierFile.statements { try file.database.execute(statement) }
        let store = try open()
        for statement in EarlierFile.statements {
            #expect(throws: RawDatabase.Failure.self) { try file.database.execute(statement) }
        }
        await store.shutdown()
    }

    @Test func `take leases and marks, which that release did not know`() async throws {
        _ = try EarlierFile(place.path)
        let (first, second) = (try open(), try open())
        // Everything is prepared while the tables are not there.
        #expect(try await isStored(2, asked: nil, in: first))
        #expect(try await marks(first) == [nil, nil])
        try await second.setMark(clock.now, for: Sample.key(1), until: clock.now.advanced(by: .seconds(9)))
        let holder = LeaseHolder()
        #expect(try await second.acquireLease(for: Sample.key(1), as: holder, lasting: .seconds(2)))
        for number in 3..<6 { #expect(try await isStored(number, asked: nil, in: first)) }
        #expect(try await first.removeEntry(for: Sample.key(1), holding: .seconds(1)))
        #expect(try await first.count() == 4)
        #expect(try await marks(first) == [clock.now, nil])
        #expect(try await !first.acquireLease(for: Sample.key(1), as: LeaseHolder(), lasting: .seconds(2)))
        for store in [first, second] { await store.shutdown() }
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
