import CacheStores
import Synchronization

/// A pending call, which gets exactly one outcome: the first that comes.
///
/// That may be the result of the work, the passing of the deadline or the cancellation of the caller's task.
final class Ticket<Outcome: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<Outcome, any Error>)
        case settled(Result<Outcome, any Error>)
    }

    private struct Progress {
        var state = State.open
        /// Whether the work has begun, so that a cancellation has no effect.
        var isBegun = false
    }

    /// The call's deadline, by the monotonic clock.
    let deadline: Timestamp

    private let progress = Mutex(Progress())

    init(deadline: Timestamp) {
        self.deadline = deadline
    }

    /// Waits for the outcome.
    func outcome() async throws -> Outcome {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let settled: Result<Outcome, any Error>? = progress.withLock { progress in
                    if case .settled(let result) = progress.state { return result }
                    progress.state = .awaited(continuation)
                    return nil
                }
                if let settled { continuation.resume(with: settled) }
            }
        } onCancel: {
            settle(.failure(CancellationError()), unlessBegun: true)
        }
    }

    /// Marks the work as begun: from now on a cancelled caller waits for its end.
    ///
    /// Otherwise the work could take effect after its caller got a `CancellationError`.
    ///
    /// - Returns: whether the call is still pending; if not, the work must not be done.
    func begin() -> Bool {
        progress.withLock { progress in
            if case .settled = progress.state { return false }
            progress.isBegun = true
            return true
        }
    }

    /// Gives the outcome, unless there is one already.
    ///
    /// - Parameters:
    ///   - result: the outcome.
    ///   - unlessBegun: whether the outcome does not count once ``begin()`` was called.
    func settle(_ result: Result<Outcome, any Error>, unlessBegun: Bool = false) {
        let continuation: CheckedContinuation<Outcome, any Error>? = progress.withLock { progress in
            if unlessBegun, progress.isBegun { return nil }
            switch progress.state {
            case .settled:
                return nil
            case .open:
                progress.state = .settled(result)
                return nil
            case .awaited(let continuation):
                progress.state = .settled(result)
                return continuation
            }
        }
        continuation?.resume(with: result)
    }
}

extension Ticket: Claim {
    var isSettled: Bool {
        progress.withLock { if case .settled = $0.state { true } else { false } }
    }

    func fail(_ error: any Error) {
        settle(.failure(error))
    }
}
