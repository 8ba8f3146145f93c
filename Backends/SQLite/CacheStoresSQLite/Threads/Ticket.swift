import CacheStores
import Synchronization

/// One caller's claim to one outcome, which it gets exactly once: the first that comes.
///
/// What comes first may be the work's result, the end of the deadline or the cancellation of the caller's task.
final class Ticket<Outcome: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<Outcome, any Error>)
        case settled(Result<Outcome, any Error>)
    }

    private struct Progress {
        var state = State.open
        /// Whether a cancellation comes too late.
        var isBegun = false
    }

    /// When the caller gives up, by the monotonic clock.
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

    /// Tells that the work can't be called off any more, so that a cancelled caller waits for its end.
    ///
    /// Otherwise the work's effect could appear after the caller was told that there is none.
    ///
    /// - Returns: whether anybody still waits for it; if not, it is not to be done.
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
