import CacheStores
import CacheStoresTesting
import Testing
import TokenVerificationTestSupport

@Suite(.timeLimit(.minutes(10))) struct NearTierTests {
    private let clock = ManualClock()
    private let lifeClock = ManualClock()
    private let memory: MemoryStore<[UInt8]>
    private let far: ScriptedStore
    private let tier: NearStore

    init() throws {
        memory = try MemoryStore(capacity: 10, clock: WallClock(clock))
        far = ScriptedStore(memory)
        tier = try NearStore(over: far, clock: WallClock(clock), lifeClock: WallClock(lifeClock))
    }

    private func entry(_ byte: UInt8, life: Duration = .seconds(60)) -> CacheEntry<[UInt8]> {
        CacheEntry([byte], expiry: clock.now.advanced(by: life))
    }

    private func value(_ number: Int = 1) async throws -> [UInt8]? {
        try await tier.entry(for: Sample.key(number))?.value
    }

    /// Looks an entry up until it is kept near.
    private func keepNear(_ number: Int = 1) async throws {
        try await eventually {
            _ = try await value(number)
            let before = far.lookups
            _ = try await value(number)
            return far.lookups == before
        }
    }

    /// Opens the channel and keeps one entry near.
    private func start() async throws {
        try await eventually { far.isListenedTo }
        far.send(.everything)
        try await memory.setEntry(entry(1), for: Sample.key(1))
        try await keepNear()
    }

    /// Whether the next lookup asks the far store.
    private func asksFar(_ number: Int = 1) async throws -> Bool {
        let before = far.lookups
        _ = try await value(number)
        return far.lookups > before
    }

    @Test func `answers from near for the near life and no longer`() async throws {
        try await start()
        lifeClock.advance(by: .milliseconds(4_990))
        #expect(try await !asksFar())
        lifeClock.advance(by: .milliseconds(10))
        #expect(try await asksFar())
    }

    @Test func `never outlives the entry, by either clock`() async throws {
        try await start()
        try await memory.setEntry(entry(2, life: .seconds(1)), for: Sample.key(2))
        try await keepNear(2)
        lifeClock.advance(by: .seconds(1))
        #expect(try await asksFar(2))
        clock.advance(by: .seconds(60))
        #expect(try await value(1) == nil)
    }

    @Test func `drops what another process changed`() async throws {
        try await start()
        try await memory.setEntry(entry(9), for: Sample.key(1))
        far.send(.key(Sample.key(1)))
        try await eventually { try await value() == [9] }
    }

    @Test func `drops everything on a gap`() async throws {
        try await start()
        try await memory.removeAll()
        far.send(.everything)
        try await eventually { try await value() == nil }
    }

    @Test func `is bypassed while the channel is down`() async throws {
        try await start()
        far.loseChannel()
        try await eventually { far.isListenedTo }
        for _ in 0..<3 { #expect(try await asksFar()) }
        far.send(.everything)
        try await keepNear()
    }

    @Test func `is bypassed until the channel stands`() async throws {
        try await memory.setEntry(entry(1), for: Sample.key(1))
        for _ in 0..<3 { #expect(try await asksFar()) }
    }

    @Test func `does not keep an answer that a write overtook`() async throws {
        try await start()
        try await tier.removeEntry(for: Sample.key(1))
        try await memory.setEntry(entry(1), for: Sample.key(1))
        far.pauseNextLookup { [tier, clock] in
            let newer = CacheEntry<[UInt8]>([2], expiry: clock.now.advanced(by: .seconds(60)))
            try? await tier.setEntry(newer, for: Sample.key(1))
        }
        #expect(try await value() == [1], "what the far store held when it was asked")
        #expect(try await value() == [2])
    }

    @Test func `does not keep an answer that a removal overtook`() async throws {
        try await start()
        lifeClock.advance(by: .seconds(5))
        far.pauseNextLookup { [tier] in try? await tier.removeEntry(for: Sample.key(1)) }
        _ = try await value()
        #expect(try await value() == nil)
    }

    @Test func `does not keep an answer that the removal of everything overtook`() async throws {
        try await start()
        lifeClock.advance(by: .seconds(5))
        far.pauseNextLookup { [tier] in try? await tier.removeAll() }
        #expect(try await value() == [1], "what the far store held when it was asked")
        #expect(try await value() == nil)
    }

    @Test func `does not keep an answer that an invalidation overtook`() async throws {
        try await start()
        try await memory.setEntry(entry(2), for: Sample.key(2))
        lifeClock.advance(by: .seconds(5))
        far.pauseNextLookup { [far, tier, memory, clock] in
            let newer = CacheEntry<[UInt8]>([8], expiry: clock.now.advanced(by: .seconds(60)))
            _ = try? await memory.setEntry(newer, for: Sample.key(1))
            // The notices are followed in order: when key 2 was dropped, so was key 1.
            _ = try? await tier.entry(for: Sample.key(2))
            far.send(.key(Sample.key(1)))
            far.send(.key(Sample.key(2)))
            try? await eventually {
                let before = far.lookups
                _ = try await tier.entry(for: Sample.key(2))
                return far.lookups > before
            }
        }
        _ = try await value()
        #expect(try await value() == [8])
    }

    @Test func `keeps nothing that it wrote before the store told of the write`() async throws {
        try await start()
        try await tier.setEntry(entry(7), for: Sample.key(1))
        for _ in 0..<3 { #expect(try await asksFar()) }
        far.send(.key(Sample.key(1)))
        try await keepNear()
        #expect(try await value() == [7])
    }

    @Test func `waits a second at the most for the notice of its own write`() async throws {
        try await start()
        try await tier.setEntry(entry(7), for: Sample.key(1))
        #expect(try await asksFar())
        lifeClock.advance(by: .seconds(1))
        _ = try await value()
        #expect(try await !asksFar())
    }

    @Test func `drops what another process changed right after its own write was noticed`() async throws {
        try await start()
        try await tier.setEntry(entry(7), for: Sample.key(1))
        far.send(.key(Sample.key(1)))
        try await keepNear()
        try await memory.setEntry(entry(8), for: Sample.key(1))
        far.send(.key(Sample.key(1)))
        try await eventually { try await value() == [8] }
    }

    @Test func `forgets near even if the far store fails`() async throws {
        try await start()
        far.fail()
        await #expect(throws: StoreError.self) { try await tier.removeEntry(for: Sample.key(1)) }
        await #expect(throws: StoreError.self) { try await tier.entry(for: Sample.key(1)) }
    }

    @Test func `drops everything that this process removed`() async throws {
        try await start()
        try await tier.removeAll()
        #expect(try await value() == nil)
    }

    @Test func `keeps no answer near that is older than a removal`() async throws {
        try await start()
        try await memory.setEntry(entry(2), for: Sample.key(2))
        far.pauseNextLookup { [tier, clock] in
            let asked = clock.now
            try? await tier.removeEntry(for: Sample.key(2), holding: .seconds(120))
            let answer = CacheEntry<[UInt8]>([9], expiry: clock.now.advanced(by: .seconds(60)))
            try? await tier.setEntry(answer, for: Sample.key(2), asked: asked)
        }
        #expect(try await value(2) == [2], "what the far store held when it was asked")
        #expect(try await value(2) == nil)
    }

    @Test func `keeps copies of a store without a channel`() async throws {
        let tier = try NearStore(over: memory, clock: WallClock(clock))
        try await tier.setEntry(entry(1), for: Sample.key(1))
        _ = try await tier.entry(for: Sample.key(1))
        try await memory.removeAll()
        #expect(try await tier.entry(for: Sample.key(1))?.value == [1], "until the near life has passed")
    }

    @Test func `refuses a negative life`() throws {
        #expect(throws: StoreError.self) {
            try NearTier<Int>(life: .seconds(-1), capacity: 10, hasNotices: false)
        }
    }
}
