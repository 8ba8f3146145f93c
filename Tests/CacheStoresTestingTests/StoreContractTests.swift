import CacheStoresTesting
import Testing

@Suite(.timeLimit(.minutes(10))) struct StoreContractTests {
    @Test(arguments: StoreContract.Rule.allCases, [true, false])
    func `a sound store keeps every rule`(rule: StoreContract.Rule, isShared: Bool) async throws {
        let fixture = ReferenceFixture(isShared: isShared)
        try await StoreContract(of: fixture).verify(rule)
        #expect(fixture.spaceCount == 0)
    }

    @Test(arguments: [true, false], [true, false])
    func `a sound store does what the reference model does`(isShared: Bool, isEager: Bool) async throws {
        let fixture = ReferenceFixture(isShared: isShared, isEager: isEager)
        try await StoreContract(of: fixture).verifyRandomHistories()
        #expect(fixture.spaceCount == 0)
    }

    @Test(arguments: Fault.allCases)
    func `a broken store is caught under the rule it breaks and no earlier one`(fault: Fault) async throws {
        var effort = StoreContract.Effort()
        effort.concurrentHistories = 300
        let contract = StoreContract(of: ReferenceFixture(fault), effort: effort)
        var broken: StoreContract.Rule?
        for rule in StoreContract.Rule.allCases where broken == nil {
            do {
                try await contract.verify(rule)
            } catch let violation as ContractViolation {
                #expect(violation.rule == rule)
                #expect(!violation.history.isEmpty)
                broken = violation.rule
            }
        }
        #expect(broken == fault.rule)
    }

    /// So that a store's author looks for a missing removal where removals are remembered, and not where namespaces are.
    @Test(
        arguments: Fault.allCases.filter { [.deadGoFirst, .rememberedRemovals].contains($0.rule) },
        [StoreContract.Rule.scope, .capacity, .cost]
    )
    func `a fault of an earlier rule is not reported under a later one`(
        fault: Fault,
        rule: StoreContract.Rule
    ) async throws {
        try await StoreContract(of: ReferenceFixture(fault)).verify(rule)
    }
}
