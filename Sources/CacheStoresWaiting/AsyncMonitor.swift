import Synchronization

/// State behind a lock; tasks can wait for its changes.
///
/// Each task that waits may be cancelled without disturbing the others.
package final class AsyncMonitor<State: Sendable>: Sendable {
    private struct Waiter {
        let number: Int
        /// Looks at the state; returns what resumes the task, or `nil` if the task waits on.
        let attempt: @Sendable (State) -> (@Sendable () -> Void)?
        let cancel: @Sendable () -> Void
    }

    private struct Content {
        var state: State
        var waiters: [Waiter] = []
        var nextNumber = 0

        /// Removes the waiters whose condition holds, and returns what resumes them.
        mutating func takeResumptions() -> [@Sendable () -> Void] {
            guard !waiters.isEmpty else { return [] }
            var (resumptions, waiting) = ([@Sendable () -> Void](), [Waiter]())
            for waiter in waiters {
                if let resume = waiter.attempt(state) {
                    resumptions.append(resume)
                } else {
                    waiting.append(waiter)
                }
            }
            waiters = waiting
            return resumptions
        }
    }

    private let content: Mutex<Content>

    package init(_ state: State) {
        content = Mutex(Content(state: state))
    }

    /// Reads or changes the state, and resumes the tasks whose condition holds then.
    package func withLock<Result: Sendable, Failure: Error>(
        _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let (result, resumptions) = try content.withLock { content throws(Failure) in
            let result = try body(&content.state)
            return (result, content.takeResumptions())
        }
        for resume in resumptions { resume() }
        return result
    }

    /// Waits until a condition gives a value; it is evaluated at once, and again after each ``withLock(_:)``.
    ///
    /// - Parameter condition: looks at the state, under the lock.
    /// - Returns: the condition's value.
    /// - Throws: the condition's error, or `CancellationError` if the task is cancelled.
    package func value<Value: Sendable>(
        when condition: @escaping @Sendable (State) throws -> Value?
    ) async throws -> Value {
        let number = content.withLock { content in
            content.nextNumber += 1
            return content.nextNumber
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { enter($0, as: number, condition) }
        } onCancel: {
            leave(number)
        }
    }

    /// Waits until a condition holds, also in a cancelled task: for the end of what was told to end.
    package func wait(until condition: @escaping @Sendable (State) -> Bool) async {
        // Ended by the condition; a task of its own is not cancelled with the caller's.
        _ = await Task.detached { try await self.value { condition($0) ? true : nil } }.result
    }

    private func enter<Value: Sendable>(
        _ continuation: CheckedContinuation<Value, any Error>,
        as number: Int,
        _ condition: @escaping @Sendable (State) throws -> Value?
    ) {
        let attempt: @Sendable (State) -> (@Sendable () -> Void)? = { state in
            do {
                guard let value = try condition(state) else { return nil }
                return { continuation.resume(returning: value) }
            } catch {
                return { continuation.resume(throwing: error) }
            }
        }
        let cancel: @Sendable () -> Void = { continuation.resume(throwing: CancellationError()) }
        let resume = content.withLock { content -> (@Sendable () -> Void)? in
            // The flag is set before `leave(_:)` is called, so no cancellation is missed.
            if Task.isCancelled { return cancel }
            if let resume = attempt(content.state) { return resume }
            content.waiters.append(Waiter(number: number, attempt: attempt, cancel: cancel))
            return nil
        }
        resume?()
    }

    private func leave(_ number: Int) {
        let waiter = content.withLock { content -> Waiter? in
            content.waiters.firstIndex { $0.number == number }.map { content.waiters.remove(at: $0) }
        }
        waiter?.cancel()
    }
}
