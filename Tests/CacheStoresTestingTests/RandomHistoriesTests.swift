import CacheStoresTesting
import Testing

@Suite(.timeLimit(.minutes(10))) struct RandomHistoriesTests {
    @Test(arguments: [
        Fault.removalShortened, .overwritingMovesToTail, .lookupsReorder, .settingExpiredIgnored,
    ])
    func `finds a bug and shrinks the history to a few steps`(fault: Fault) async throws {
        let violation = try await violation(of: fault, seed: 1)
        #expect(violation.history.count <= 7)
        #expect(violation.rule == nil)
    }

    @Test func `prints the seed, and the seed gives the same history again`() async throws {
        let first = try await violation(of: .overwritingMovesToTail, seed: 7)
        let seed = try #require(first.seed)
        #expect("\(first)".contains("CACHE_STORES_SEED=\(seed)"))
        var effort = StoreContract.Effort()
        effort.histories = 1
        effort.seed = seed
        let second = try await violation(of: .overwritingMovesToTail, effort: effort)
        #expect("\(second)" == "\(first)")
    }

    @Test func `tells what was wanted, what was seen and every step`() async throws {
        let violation = try await violation(of: .lookupsReorder, seed: 3)
        let text = "\(violation)"
        #expect(text.contains("wanted: \(violation.wanted)"))
        #expect(text.contains("seen:   \(violation.seen)"))
        for step in violation.history { #expect(text.contains(step)) }
    }

    @Test(arguments: [
        Fault.tornWrites, .oneTooMany, .liveAtExpiry, .removalNotRemembered, .removeAllNotRemembered,
    ])
    func `finds what single rules find, too`(fault: Fault) async throws {
        _ = try await violation(of: fault, seed: 11)
    }

    private func violation(
        of fault: Fault,
        seed: UInt64? = nil,
        effort: StoreContract.Effort = StoreContract.Effort()
    ) async throws -> ContractViolation {
        let contract = StoreContract(of: ReferenceFixture(fault), effort: effort)
        return try #require(
            await #expect(throws: ContractViolation.self) {
                try await contract.verifyRandomHistories(seed: seed)
            }
        )
    }
}
