import Synchronization

/// The result of a pending call: the first that is set counts, and one task waits for it.
package final class PendingResult<Success: Sendable, Failure: Error>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<Result<Success, Failure>, Never>)
        case settled(Result<Success, Failure>)
    }

    private struct Progress {
        var state = State.open
        /// Whether the work has begun, so that its caller waits for its end also when cancelled.
        var isBegun = false
    }

    private let progress = Mutex(Progress())

    package init() {}

    /// The result, if it was set.
    package var settled: Result<Success, Failure>? {
        progress.withLock { if case .settled(let result) = $0.state { result } else { nil } }
    }

    /// Whether the result was set, so that no caller waits any more.
    package var isSettled: Bool { settled != nil }

    /// Marks the work as begun: from now on a cancelled caller waits for its end.
    ///
    /// Otherwise the work could take effect after its caller got a `CancellationError`.
    ///
    /// - Returns: whether the call is still pending; if not, the work must not be done.
    package func begin() -> Bool {
        progress.withLock { progress in
            if case .settled = progress.state { return false }
            progress.isBegun = true
            return true
        }
    }

    /// Sets the result, unless it was set before.
    ///
    /// - Parameters:
    ///   - result: the result.
    ///   - unlessBegun: whether it does not count once ``begin()`` was called.
    package func settle(_ result: Result<Success, Failure>, unlessBegun: Bool = false) {
        let waiter = progress.withLock { progress -> CheckedContinuation<Result<Success, Failure>, Never>? in
            if unlessBegun, progress.isBegun { return nil }
            switch progress.state {
            case .settled: return nil
            case .open:
                progress.state = .settled(result)
                return nil
            case .awaited(let waiter):
                progress.state = .settled(result)
                return waiter
            }
        }
        waiter?.resume(returning: result)
    }

    /// Waits for the result, also in a cancelled task.
    package func result() async -> Result<Success, Failure> {
        await withCheckedContinuation { continuation in
            let result = progress.withLock { progress -> Result<Success, Failure>? in
                if case .settled(let result) = progress.state { return result }
                progress.state = .awaited(continuation)
                return nil
            }
            if let result { continuation.resume(returning: result) }
        }
    }
}

extension PendingResult where Failure == any Error {
    /// Waits for the result until a deadline.
    ///
    /// A cancelled task waits no longer, unless the work was marked as begun.
    ///
    /// - Parameters:
    ///   - deadline: when the waiting ends, up to ten milliseconds late.
    ///   - error: the result at the deadline.
    /// - Returns: the value that was set.
    /// - Throws: the error that was set, the given one at the deadline, or `CancellationError`.
    package func value(by deadline: Deadline, orThrow error: any Error) async throws -> Success {
        if let settled { return try settled.get() }
        let alarm = Alarms.shared.set(for: deadline) { self.settle(.failure(error)) }
        defer { Alarms.shared.cancel(alarm) }
        return try await withTaskCancellationHandler {
            await result()
        } onCancel: {
            settle(.failure(CancellationError()), unlessBegun: true)
        }.get()
    }
}
