import CacheStores
import CacheStoresTesting
import Testing

@Suite(.timeLimit(.minutes(10))) struct AbilityTests {
    @Test(arguments: StoreContract.Ability.allCases)
    func `a sound store has the abilities that it claims`(ability: StoreContract.Ability) async throws {
        try await StoreContract(of: AbleFixture()).verify(ability)
    }

    @Test(arguments: AbilityFault.allCases)
    func `a broken store is caught under the ability that it lacks`(fault: AbilityFault) async throws {
        let contract = StoreContract(of: AbleFixture(fault))
        for ability in StoreContract.Ability.allCases where ability != fault.ability {
            try await contract.verify(ability)
        }
        let violation = await #expect(throws: ContractViolation.self) {
            try await contract.verify(fault.ability)
        }
        #expect(violation?.ability == fault.ability && violation?.rule == nil)
        #expect(violation.map { "\($0)".contains("its ability of \(fault.ability)") } == true)
    }

    @Test(arguments: StoreContract.Ability.allCases)
    func `a store that claims nothing is caught when it should`(ability: StoreContract.Ability) async throws {
        await #expect(throws: ContractViolation.self) {
            try await StoreContract(of: ReferenceFixture()).verify(ability)
        }
    }

    @Test func `are part of the whole contract where they are claimed, and not where they aren't`()
        async throws
    {
        var effort = StoreContract.Effort()
        effort.histories = 1
        effort.concurrentHistories = 1
        try await StoreContract(of: ReferenceFixture(), effort: effort).verify()
        // Seen through any wrapper.
        let store = FaultyStore(try MemoryStore<[UInt8]>(), script: FaultScript(steps: [:]))
        for ability in StoreContract.Ability.allCases { #expect(ability.isClaimed(by: store)) }
    }
}
