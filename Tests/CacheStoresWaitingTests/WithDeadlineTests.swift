import CacheStoresWaiting
import Testing

@Suite(.timeLimit(.minutes(10))) struct WithDeadlineTests {
    private struct Failed: Error {}

    @Test func `gives what the operation gives, or throws what it throws`() async throws {
        #expect(try await withDeadline(.seconds(600)) { 1 } == 1)
        await #expect(throws: Failed.self) { try await withDeadline(.seconds(600)) { throw Failed() } }
    }

    @Test func `cancels the operation at the limit, and does not wait for its end`() async throws {
        let isCancelled = AsyncMonitor(false)
        let mayEnd = AsyncMonitor(false)
        await #expect(throws: DeadlineExceeded.self) {
            try await withDeadline(.milliseconds(1)) {
                try? await Task.sleep(for: .seconds(3_600))
                isCancelled.withLock { $0 = true }
                await mayEnd.wait { $0 }
            }
        }
        try await isCancelled.value { $0 ? () : nil }
        mayEnd.withLock { $0 = true }
    }

    @Test func `cancels the operation with its caller`() async throws {
        let isCancelled = AsyncMonitor(false)
        let task = Task {
            try await withDeadline(.seconds(600)) {
                try? await Task.sleep(for: .seconds(3_600))
                isCancelled.withLock { $0 = true }
            }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        try await isCancelled.value { $0 ? () : nil }
    }
}
