import CacheStores
import CacheStoresRedis
import CacheStoresTesting
import Testing
import TokenVerificationTestSupport

/// The contract of every store, one handle and two, on a real server.
@Suite(.timeLimit(.minutes(10))) struct SharedContractTests {
    private struct Fixture: StoreFixture {
        let server: RedisServer

        /// A client sends the time of the test's clock with each command.
        var readsClockInStep: Bool { false }

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
                deadline: .seconds(30)
            )
            try await store.waitUntilConnected()
            return store
        }
    }

    private let contract: StoreContract

    init() async throws {
        contract = StoreContract(of: Fixture(server: try await RedisServer()))
    }

    @Test(arguments: StoreContract.Rule.allCases)
    func `keeps the contract`(rule: StoreContract.Rule) async throws {
        try await contract.verify(rule)
    }

    @Test(arguments: StoreContract.Ability.allCases)
    func `has the abilities that it claims`(ability: StoreContract.Ability) async throws {
        try await contract.verify(ability)
    }

    @Test func `does what the reference model does`() async throws {
        try await contract.verifyRandomHistories()
    }
}
