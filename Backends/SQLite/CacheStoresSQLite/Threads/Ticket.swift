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

    /// When the caller gives up, by the monotonic clock.
    let deadline: Timestamp

    private let state = Mutex(State.open)

    init(deadline: Timestamp) {
        self.deadline = deadline
    }

    /// Waits for the outcome.
    func outcome() async throws -> Outcome {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let settled: Result<Outcome, any Error>? = state.withLock { state in
                    if case .settled(let result) = state { return result }
                    state = .awaited(continuation)
                    return nil
                }
                if let settled { continuation.resume(with: settled) }
            }
        } onCancel: {
            settle(.failure(CancellationError()))
        }
    }

    /// Gives the outcome, unless there is one already.
    func settle(_ result: Result<Outcome, any Error>) {
        let continuation: CheckedContinuation<Outcome, any Error>? = state.withLock { state in
            switch state {
            case .settled:
                return nil
            case .open:
                state = .settled(result)
                return nil
            case .awaited(let continuation):
                state = .settled(result)
                return continuation
            }
        }
        continuation?.resume(with: result)
    }
}

extension Ticket: Claim {
    var isSettled: Bool {
        state.withLock { if case .settled = $0 { true } else { false } }
    }

    func fail(_ error: any Error) {
        settle(.failure(error))
    }
}
