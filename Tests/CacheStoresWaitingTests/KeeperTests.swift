import CacheStoresWaiting
import Testing

@Suite(.timeLimit(.minutes(10))) struct KeeperTests {
    @Test func `does its turn again and again until it is stopped`() async throws {
        let turns = AsyncMonitor(0)
        let keeper = Keeper(from: .microseconds(1), to: .microseconds(1))
        keeper.start { turns.withLock { $0 += 1 } }
        try await turns.value { $0 >= 3 ? () : nil }
        await keeper.stop()
        let count = turns.withLock { $0 }
        try await Task.sleep(for: .milliseconds(5))
        #expect(turns.withLock { $0 } == count)
    }

    @Test func `cancels the turn at its end, and waits for it`() async throws {
        let hasBegun = AsyncMonitor(false)
        let hasEnded = AsyncMonitor(false)
        let keeper = Keeper(from: .seconds(1), to: .seconds(1))
        keeper.start {
            hasBegun.withLock { $0 = true }
            try? await Task.sleep(for: .seconds(3_600))
            hasEnded.withLock { $0 = true }
        }
        try await hasBegun.value { $0 ? () : nil }
        await keeper.stop()
        #expect(hasEnded.withLock { $0 })
    }

    @Test func `starts nothing after its end`() async {
        let turns = AsyncMonitor(0)
        let keeper = Keeper(from: .microseconds(1), to: .microseconds(1))
        await keeper.stop()
        keeper.start { turns.withLock { $0 += 1 } }
        await keeper.stop()
        #expect(turns.withLock { $0 } == 0)
    }

    @Test func `ends with its owner`() async throws {
        let hasBegun = AsyncMonitor(false)
        let hasEnded = AsyncMonitor(false)
        var keeper: Keeper? = Keeper(from: .seconds(1), to: .seconds(1))
        keeper?.start {
            hasBegun.withLock { $0 = true }
            try? await Task.sleep(for: .seconds(3_600))
            hasEnded.withLock { $0 = true }
        }
        try await hasBegun.value { $0 ? () : nil }
        keeper = nil
        try await hasEnded.value { $0 ? () : nil }
    }
}
