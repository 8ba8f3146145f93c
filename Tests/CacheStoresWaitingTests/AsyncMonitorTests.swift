import CacheStoresWaiting
import Testing

@Suite(.timeLimit(.minutes(10))) struct AsyncMonitorTests {
    private struct Refused: Error {}

    @Test func `gives a value at once if the condition holds`() async throws {
        let monitor = AsyncMonitor(3)
        #expect(try await monitor.value { $0 == 3 ? "three" : nil } == "three")
    }

    @Test func `resumes every task whose condition holds after a change, and no other`() async throws {
        let monitor = AsyncMonitor(0)
        let entered = AsyncMonitor(0)
        let tasks = [1, 1, 2].map { wanted in
            Task {
                try await monitor.value { state -> Int? in
                    if state == 0 { entered.withLock { $0 += 1 } }
                    return state >= wanted ? wanted : nil
                }
            }
        }
        try await entered.value { $0 >= 3 ? () : nil }
        monitor.withLock { $0 = 1 }
        #expect(try await tasks[0].value == 1)
        #expect(try await tasks[1].value == 1)
        monitor.withLock { $0 = 2 }
        #expect(try await tasks[2].value == 2)
    }

    @Test func `throws what the condition throws`() async {
        let monitor = AsyncMonitor(false)
        let task = Task { try await monitor.value { if $0 { throw Refused() } else { Int?.none } } }
        monitor.withLock { $0 = true }
        await #expect(throws: Refused.self) { try await task.value }
    }

    @Test func `ends a cancelled wait only`() async throws {
        let monitor = AsyncMonitor(false)
        let left = Task { try await monitor.value { $0 ? 1 : nil } }
        let staying = Task { try await monitor.value { $0 ? 2 : nil } }
        left.cancel()
        await #expect(throws: CancellationError.self) { try await left.value }
        monitor.withLock { $0 = true }
        #expect(try await staying.value == 2)
    }

    @Test func `refuses a task that was cancelled before`() async {
        let monitor = AsyncMonitor(true)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await monitor.value { $0 ? 1 : nil }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `waits for an end even in a cancelled task`() async {
        let monitor = AsyncMonitor(false)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            await monitor.wait { $0 }
            return monitor.withLock { $0 }
        }
        task.cancel()
        await Task.yield()
        monitor.withLock { $0 = true }
        #expect(await task.value)
    }
}
