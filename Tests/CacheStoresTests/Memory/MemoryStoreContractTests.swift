import CacheStores
import CacheStoresTesting
import Testing

@Suite(.timeLimit(.minutes(10))) struct MemoryStoreContractTests {
    private struct Fixture: StoreFixture {
        var isShared: Bool { false }

        func open(
            _ space: String,
            capacity: Int?,
            clock: WallClock
        ) async throws -> any CacheStore<[UInt8]> {
            try MemoryStore(capacity: capacity, clock: clock)
        }
    }

    private let contract = StoreContract(of: Fixture())

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
