import CacheStores
import CacheStoresTesting
import Testing
import TokenVerificationTestSupport

@Suite(.timeLimit(.minutes(10))) struct FaultyStoreTests {
    private let clock = ManualClock()
    private let sound: MemoryStore<Int>
    private let keys = (0..<4).map { CacheKey(words: ($0, 1, 2, 3)) }

    init() throws {
        sound = try MemoryStore(capacity: 10, clock: WallClock(clock))
    }

    private func store(_ script: FaultScript) -> FaultyStore<Int> {
        FaultyStore(sound, script: script, clock: WallClock(clock))
    }

    private func store(_ steps: [Int: [StoreFault]]) -> FaultyStore<Int> {
        store(FaultScript(steps: steps))
    }

    private func entry(_ value: Int) -> CacheEntry<Int> {
        CacheEntry(value, expiry: clock.now.advanced(by: .seconds(60)))
    }

    private func code(_ operation: () async throws -> some Sendable) async -> StoreError.Code? {
        await #expect(throws: StoreError.self) { _ = try await operation() }?.code
    }

    /// Does a bit of everything, whatever comes of it.
    private func history(of store: FaultyStore<Int>) async -> [SufferedFault] {
        for number in 0..<200 {
            let key = keys[number % keys.count]
            _ = try? await store.setEntry(entry(number), for: key)
            _ = try? await store.entry(for: key)
            if number % 3 == 0 { _ = try? await store.removeEntry(for: key) }
            _ = try? await store.count()
        }
        return store.history
    }

    @Test func `does the same again for the same seed, and else something different`() async throws {
        func history(seed: UInt64) async -> [SufferedFault] {
            let script = FaultScript(
                seed: seed,
                [.error(.full): 0.1, .lostWrite: 0.1, .staleRead: 0.3, .lostAnswer: 0.02, .lostRemoval: 0.2]
            )
            return await self.history(of: store(script))
        }
        let first = await history(seed: 1)
        #expect(await history(seed: 1) == first)
        #expect(await history(seed: 2) != first)
        #expect(Set(first.map(\.fault)).count == 5)
    }

    @Test func `keeps to the likelihoods, each fault by itself`() async throws {
        let faults = await history(
            of: store(FaultScript(seed: 3, [.error(.full): 0.25, .lostAnswer: 0.25, .error(.corrupted): 0]))
        )
        let steps = [StoreFault.error(.full), .lostAnswer].map { fault in
            Set(faults.filter { $0.fault == fault }.map(\.step))
        }
        for steps in steps { #expect((100...250).contains(steps.count), "of some 670 operations") }
        #expect((20...80).contains(steps[0].intersection(steps[1]).count))
        #expect(steps[0].count + steps[1].count == faults.count)
    }

    @Test func `throws any error without doing anything`() async throws {
        let store = store([1: [.error(.full)], 2: [.error(.timedOut)], 3: [.error(.accessDenied)]])
        #expect(await code { try await store.setEntry(entry(1), for: keys[0]) } == .full)
        #expect(await code { try await store.removeAll() } == .timedOut)
        #expect(await code { try await store.capacity() } == .accessDenied)
        #expect(try await store.count() == 0)
    }

    @Test func `loses an answer but not what was asked`() async throws {
        let store = store([1: [.lostAnswer], 2: [.lostAnswer]])
        #expect(await code { try await store.setEntry(entry(1), for: keys[0]) } == .timedOut)
        #expect(try await sound.entry(for: keys[0])?.value == 1)
        #expect(await code { try await store.removeEntry(for: keys[0]) } == .timedOut)
        #expect(try await sound.entry(for: keys[0]) == nil)
    }

    @Test func `loses writes, and removals with the memory of them`() async throws {
        let store = store([1: [.lostWrite], 3: [.lostRemoval], 5: [.lostRemoval], 6: [.lostWrite]])
        #expect(try await store.setEntry(entry(1), for: keys[0]) == 0)
        #expect(try await store.setEntry(entry(2), for: keys[0]) == 0)
        #expect(try await store.removeEntry(for: keys[0], holding: .seconds(5)))
        #expect(try await store.setEntry(entry(4), for: keys[1]) == 0)
        try await store.removeAll(holding: .seconds(5))
        #expect(try await store.entry(for: keys[0])?.value == 2)
        #expect(try await store.entry(for: keys[1])?.value == 4)
        #expect(store.history.map(\.step) == [1, 3, 5], "a lookup is no write")
    }

    @Test func `reads what was overwritten or removed before`() async throws {
        let store = store(FaultScript(seed: 1, [.staleRead: 1]))
        #expect(try await store.entry(for: keys[0]) == nil)
        try await store.setEntry(entry(1), for: keys[0])
        #expect(try await store.entry(for: keys[0])?.value == 1, "there is nothing earlier yet")
        try await store.setEntry(entry(2), for: keys[0])
        #expect(try await store.entry(for: keys[0])?.value == 1)
        try await store.removeEntry(for: keys[0])
        #expect(try await store.entry(for: keys[0])?.value == 2)
        try await store.setEntry(entry(3), for: keys[1])
        try await store.removeAll()
        #expect(try await store.entry(for: keys[1])?.value == 3)
        #expect(store.history.count == 3)
    }

    @Test func `begins late or answers late, by the clock it was given`() async throws {
        let store = store([1: [.delay(.seconds(2))], 2: [.lateAnswer(.seconds(2))]])
        for value in 1...2 {
            let write = Task { try await store.setEntry(entry(value), for: keys[0]) }
            try await eventually { store.history.count >= value }
            clock.advance(by: .milliseconds(1_999))
            if value == 2 {
                try await eventually { try await sound.entry(for: keys[0])?.value != 1 }
            } else {
                #expect(try await sound.entry(for: keys[0]) == nil)
            }
            clock.advance(by: .milliseconds(1))
            #expect(try await write.value == 0)
            #expect(try await sound.entry(for: keys[0])?.value == value)
        }
    }

    @Test func `delivers a write late that a removal overtook, and it has no effect`() async throws {
        let store = store([1: [.delay(.seconds(30))]])
        let asked = try #require(store.now)
        let write = Task {
            try await store.setEntry(
                entry(1),
                for: keys[0],
                asked: asked,
                before: asked.advanced(by: .seconds(20))
            )
        }
        try await eventually { !store.history.isEmpty }
        try await store.removeEntry(for: keys[0], holding: .seconds(25))
        clock.advance(by: .seconds(30))
        #expect(try await write.value == 0)
        #expect(try await sound.entry(for: keys[0]) == nil)
    }

    @Test func `does nothing for a caller that leaves during a delay`() async throws {
        let store = store([1: [.delay(.seconds(2))]])
        let write = Task { try await store.setEntry(entry(1), for: keys[0]) }
        try await eventually { !store.history.isEmpty }
        write.cancel()
        await #expect(throws: CancellationError.self) { try await write.value }
        #expect(try await sound.count() == 0)
    }

    @Test func `heals, and can be told to fail again`() async throws {
        let always = FaultScript(seed: 1, [.error(.unavailable): 1])
        let store = store(always)
        #expect(await code { try await store.count() } == .unavailable)
        store.heal()
        #expect(try await store.count() == 0)
        store.follow(FaultScript(steps: [2: [.error(.corrupted)]]))
        #expect(try await store.count() == 0)
        #expect(await code { try await store.entry(for: keys[0]) } == .corrupted)
        #expect(
            store.history.map(\.description) == [
                "1. count: failed (unavailable)",
                "2. look up \(keys[0]): failed (corrupted)",
            ]
        )
    }

    @Test func `hides no ability of the store behind it`() async throws {
        #expect(store([:]).ability(MemoryStore<Int>.self) != nil)
        await store([1: [.error(.full)]]).shutdown()
        #expect(await code { try await sound.count() } == .shutDown)
    }

    @Test(arguments: StoreContract.Rule.allCases)
    func `keeps every rule without faults`(rule: StoreContract.Rule) async throws {
        try await StoreContract(of: FaultyFixture(script: FaultScript(steps: [:]))).verify(rule)
    }

    @Test(arguments: [
        (StoreFault.lostWrite, StoreContract.Rule.exactBound), (.lostRemoval, .rememberedRemovals),
        (.staleRead, .atomicity), (.lostAnswer, .failure),
    ])
    func `is caught by the kit`(fault: StoreFault, rule: StoreContract.Rule) async throws {
        let contract = StoreContract(of: FaultyFixture(script: FaultScript(seed: 5, [fault: 0.3])))
        let violation = await #expect(throws: ContractViolation.self) { try await contract.verify(rule) }
        #expect(violation?.rule == rule)
        await #expect(throws: ContractViolation.self) { try await contract.verifyRandomHistories(seed: 1) }
    }
}
