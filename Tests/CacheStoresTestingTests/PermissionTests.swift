import CacheStoresTesting
import Testing

@Suite(.timeLimit(.minutes(10))) struct PermissionTests {
    /// All but rule 11: two reference stores side by side have two default capacities.
    private static let rules = StoreContract.Rule.allCases.filter { $0 != .capacity }

    @Test(arguments: rules)
    func `lets bound and order be kept per shard`(rule: StoreContract.Rule) async throws {
        try await StoreContract(of: ShardedFixture(), permitting: [.firstInFirstOutPerShard]).verify(rule)
    }

    @Test func `does what the reference model does within a shard`() async throws {
        let contract = StoreContract(of: ShardedFixture(), permitting: [.firstInFirstOutPerShard])
        try await contract.verifyRandomHistories()
    }

    @Test(arguments: [StoreContract.Rule.exactBound, .firstInFirstOut])
    func `grants nothing by default`(rule: StoreContract.Rule) async throws {
        let violation = await #expect(throws: ContractViolation.self) {
            try await StoreContract(of: ShardedFixture()).verify(rule)
        }
        #expect(violation?.rule == rule)
    }

    @Test func `lets the bound be exceeded for a lifetime, no longer`() async throws {
        let permissions: Set<StoreContract.Permission> = [.boundExceededAfterEvictionByServer]
        let passing = StoreContract(of: ReferenceFixture(.firstTwoUncounted), permitting: permissions)
        try await passing.verify(.exactBound)
        let violation = await #expect(throws: ContractViolation.self) {
            try await StoreContract(of: ReferenceFixture(.oneTooMany), permitting: permissions).verify(
                .exactBound
            )
        }
        #expect(violation?.rule == .exactBound)
    }
}
