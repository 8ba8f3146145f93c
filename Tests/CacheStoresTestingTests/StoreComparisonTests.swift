import CacheStoresTesting
import Testing

@Suite(.timeLimit(.minutes(10))) struct StoreComparisonTests {
    private var effort = StoreContract.Effort()

    init() {
        effort.histories = 60
        effort.operationsPerHistory = 120
        effort.seed = 1
    }

    @Test(arguments: [true, false])
    func `finds no difference where the contract leaves stores free`(isShared: Bool) async throws {
        let comparison = StoreComparison(
            of: [
                "as late as it can": ReferenceFixture(isShared: isShared),
                "as early as it can": ReferenceFixture(isEager: true),
            ],
            effort: effort
        )
        #expect(try await comparison.verify() > 4_000)
    }

    @Test(arguments: [
        Fault.liveAtExpiry, .oneTooMany, .lookupsReorder, .newestEvicted, .overwritingMovesToTail,
        .overwritingEvicts, .oldestEvictedBeforeTheDead, .settingExpiredIgnored, .removalUndone,
        .removalNotRemembered, .removalShortened, .removeAllNotRemembered, .removalOfWrongLength,
        .recordedCapacityIgnored,
    ])
    func `tells the answers of all stores where one differs`(fault: Fault) async throws {
        let comparison = StoreComparison(
            of: [
                "sound": ReferenceFixture(), "broken": ReferenceFixture(fault), "third": ReferenceFixture(),
            ],
            effort: effort
        )
        let violation = await #expect(throws: ContractViolation.self) { try await comparison.verify() }
        let answers = try #require(violation).seen.split(separator: " | ")
        #expect(answers.map { $0.prefix { $0 != ":" } } == ["sound", "broken", "third"])
        #expect(answers[0].drop { $0 != ":" } == answers[2].drop { $0 != ":" })
        #expect(answers[0].drop { $0 != ":" } != answers[1].drop { $0 != ":" })
        #expect(violation?.seed != nil)
    }
}
