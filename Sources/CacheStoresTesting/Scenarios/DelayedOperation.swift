import Dispatch
import Synchronization

/// An operation of a store that runs on a thread of its own, so that it may be held back there.
final class DelayedOperation<Success: Sendable>: Sendable {
    private final class Executor: TaskExecutor {
        private let queue = DispatchQueue(label: "cache-stores-testing")

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        }
    }

    private final class End: Sendable {
        let hasCome = Atomic(false)
    }

    private let executor = Executor()
    private let end: End
    private let task: Task<Success, any Error>

    /// Begins the operation.
    init(_ operation: @escaping @Sendable () async throws -> Success) {
        let end = End()
        self.end = end
        // Ended by the operation itself, which each clause awaits.
        task = Task(executorPreference: executor) {
            defer { end.hasCome.store(true, ordering: .sequentiallyConsistent) }
            return try await operation()
        }
    }

    var hasEnded: Bool { end.hasCome.load(ordering: .sequentiallyConsistent) }

    /// What comes of the operation.
    var result: Result<Success, any Error> {
        get async { await task.result }
    }

    func cancel() {
        task.cancel()
    }
}
