import CacheStores
import CacheStoresRedis
import CacheStoresSQLite
import CacheStoresTesting
import Logging
import StoreProcesses
import Testing
import TokenVerificationTestSupport

/// All stores give the same answers, so one can be traded for another.
@Suite(.timeLimit(.minutes(10))) struct StoreComparisonTests {
    private let memory: StoreOpener
    private let file: StoreOpener
    private let server: StoreOpener
    private var effort = StoreContract.Effort()

    init() async throws {
        let place = try TemporaryDirectory()
        let redis = try await RedisServer()
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let patience = Duration.seconds(60)
        memory = StoreOpener(isShared: false) { _, capacity, clock in
            try MemoryStore(capacity: capacity, clock: clock)
        }
        file = StoreOpener { space, capacity, clock in
            let path = "\(place.path)/\(space).db"
            return try SQLiteStore(
                path: path,
                capacity: capacity,
                clock: clock,
                deadline: patience,
                logger: quiet
            )
        }
        server = StoreOpener { space, capacity, clock in
            let store = try RedisStore(
                redis.address,
                namespace: space,
                capacity: capacity,
                clock: clock,
                deadline: patience,
                logger: quiet
            )
            try await store.waitUntilConnected()
            return store
        }
        effort.histories = 25
        effort.operationsPerHistory = 250
    }

    @Test func `memory, SQLite and Redis give the same answers`() async throws {
        let comparison = StoreComparison(
            of: ["memory": memory, "SQLite": file, "Redis": server],
            effort: effort
        )
        #expect(try await comparison.verify() > 5_000)
    }

    /// A store in memory ends with its only handle, so this is for the stores that do not.
    @Test func `SQLite and Redis do, too, when handles take turns and change the capacity`() async throws {
        let comparison = StoreComparison(of: ["SQLite": file, "Redis": server], effort: effort)
        #expect(try await comparison.verify() > 5_000)
    }
}
