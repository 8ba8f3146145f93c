import CacheStoresWaiting
import Testing

@Suite(.timeLimit(.minutes(10))) struct PendingResultTests {
    private struct Late: Error {}
    private struct Failed: Error {}

    private let pending = PendingResult<Int, any Error>()

    private func value(by limit: Duration = .seconds(600)) async throws -> Int {
        try await pending.value(by: Deadline(after: limit), orThrow: Late())
    }

    /// Waits in a task, and cancels it once it waits or is about to.
    private func cancelledWait() -> Task<Int, any Error> {
        let task = Task { try await value() }
        task.cancel()
        return task
    }

    @Test func `keeps the first result`() async throws {
        pending.settle(.success(1))
        pending.settle(.success(2))
        pending.settle(.failure(Failed()))
        #expect(pending.isSettled)
        #expect(try await value() == 1)
        #expect(try await value(by: .zero) == 1, "a result that is there has no deadline")
    }

    @Test func `resumes the task that waits, with a value or an error`() async throws {
        async let waiting = value()
        pending.settle(.success(1))
        #expect(try await waiting == 1)
        let other = PendingResult<Int, Failed>()
        let task = Task { try await other.result().get() }
        other.settle(.failure(Failed()))
        await #expect(throws: Failed.self) { try await task.value }
    }

    @Test func `ends the wait at the deadline, also of work that has begun`() async {
        #expect(pending.begin())
        await #expect(throws: Late.self) { try await value(by: .milliseconds(1)) }
        #expect(!pending.begin(), "too late to begin")
    }

    @Test func `ends the wait of a cancelled task, and the call with it`() async {
        let task = cancelledWait()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(pending.isSettled)
        #expect(!pending.begin())
    }

    @Test func `lets a cancelled task wait for work that has begun`() async throws {
        #expect(pending.begin())
        let task = cancelledWait()
        // Time enough for the cancellation to settle the call, which it must not.
        for _ in 0..<1_000 { await Task.yield() }
        #expect(!pending.isSettled)
        pending.settle(.success(3))
        #expect(try await task.value == 3)
    }

    @Test func `waits without a deadline also in a cancelled task`() async throws {
        let task = Task { [pending] in
            while !Task.isCancelled { await Task.yield() }
            return try await pending.result().get()
        }
        task.cancel()
        pending.settle(.success(4))
        #expect(try await task.value == 4)
    }
}
