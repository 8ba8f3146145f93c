import CacheStores
import Synchronization

/// One command on its way, and the caller who waits for its reply.
///
/// The caller gets exactly one outcome, the first that comes: the reply, a failure, the end of its patience or its
/// task's cancellation. A reply that comes later is dropped, but still takes its turn.
final class RedisCall: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<RedisReply, any Error>)
        case settled(Result<RedisReply, any Error>)
    }

    let command: RedisCommand
    /// When the caller gives up, by the monotonic clock.
    let deadline: Timestamp
    /// The only reply that can be right, where that is known.
    let expected: RedisReply?

    private let state = Mutex(State.open)

    init(_ command: RedisCommand, deadline: Timestamp, expecting expected: RedisReply? = nil) {
        self.command = command
        self.deadline = deadline
        self.expected = expected
    }

    /// Whether nobody waits any more.
    var isSettled: Bool {
        state.withLock { if case .settled = $0 { true } else { false } }
    }

    /// Waits for the outcome.
    func reply() async throws -> RedisReply {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let settled: Result<RedisReply, any Error>? = state.withLock { state in
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
    func settle(_ result: Result<RedisReply, any Error>) {
        let continuation: CheckedContinuation<RedisReply, any Error>? = state.withLock { state in
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
