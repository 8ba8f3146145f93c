import CacheStores
import CacheStoresRedis
import CacheStoresSQLite
import CacheStoresTesting
import Logging
import RedisServers
import StoreProcesses
import Testing

/// Whoever trades one store for another gets the same answers.
@Suite(.timeLimit(.minutes(5))) struct StoreComparisonTests {
    private struct MemoryFixture: StoreFixture {
        var isShared: Bool { false }

        func open(
            _ space: String,
            capacity: Int?,
            clock: WallClock
        ) async throws -> any CacheStore<[UInt8]> {
            try MemoryStore(capacity: capacity, clock: clock)
        }
    }

    private struct SQLiteFixture: StoreFixture {
        let place: TemporaryDirectory

        func open(
            _ space: String,
            capacity: Int?,
            clock: WallClock
        ) async throws -> any CacheStore<[UInt8]> {
            let path = "\(place.path)/\(space).db"
            return try SQLiteStore(
                path: path,
                capacity: capacity,
                clock: clock,
                deadline: .seconds(60),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
        }
    }

    private struct RedisFixture: StoreFixture {
        let server: RedisServer

        func open(
            _ space: String,
            capacity: Int?,
            clock: WallClock
        ) async throws -> any CacheStore<[UInt8]> {
            let store = try RedisStore(
                server.address,
                namespace: space,
                capacity: capacity,
                clock: clock,
                deadline: .seconds(60),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            try await store.ready()
            return store
        }
    }

    private let file: SQLiteFixture
    private let server: RedisFixture
    private var effort = StoreContract.Effort()

    init() async throws {
        file = SQLiteFixture(place: try TemporaryDirectory())
        server = RedisFixture(server: try await RedisServer())
        effort.histories = 25
        effort.operationsPerHistory = 250
    }

    @Test func `memory, SQLite and Redis give the same answers`() async throws {
        let comparison = StoreComparison(
            of: ["memory": MemoryFixture(), "SQLite": file, "Redis": server],
            effort: effort
        )
        #expect(try await comparison.verify() > 5_000)
    }

    /// A store in memory ends with its only handle, so this is for those that do not.
    @Test func `SQLite and Redis do, too, when handles take turns and change the capacity`() async throws {
        let comparison = StoreComparison(of: ["SQLite": file, "Redis": server], effort: effort)
        #expect(try await comparison.verify() > 5_000)
    }
}
