import CacheStores
import Synchronization

/// One command on its way, and the caller who waits for its reply.
///
/// The caller gets exactly one outcome, the first that comes: the reply, a failure, the end of its patience or its
/// task's cancellation. A reply that comes later is dropped, but still takes its turn.
final class RedisCall: Sendable {
    private enum State {
        case open
        case awaited(UnsafeContinuation<RedisReply, any Error>)
        case settled(Result<RedisReply, any Error>)
        case done
    }

    /// When the caller gives up, by the monotonic clock.
    let deadline: Timestamp
    /// The only reply that can be right, where that is known.
    let expected: RedisReply?

    private let state = Mutex(State.open)

    init(by deadline: Timestamp, expecting expected: RedisReply? = nil) {
        self.deadline = deadline
        self.expected = expected
    }

    /// Whether nobody waits any more.
    var isSettled: Bool {
        state.withLock { state in
            switch state {
            case .open, .awaited: false
            case .settled, .done: true
            }
        }
    }

    /// Waits for the outcome; only once.
    ///
    /// The continuation needs no checking: it is resumed by whoever moves the state away from `awaited`, and every
    /// call is settled when its connection ends at the latest.
    func reply() async throws -> RedisReply {
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                let settled: Result<RedisReply, any Error>? = state.withLock { state in
                    guard case .settled(let result) = state else {
                        state = .awaited(continuation)
                        return nil
                    }
                    state = .done
                    return result
                }
                if let settled { continuation.resume(with: settled) }
            }
        } onCancel: {
            settle(.failure(CancellationError()))
        }
    }

    /// Gives the outcome, unless there is one already.
    func settle(_ result: Result<RedisReply, any Error>) {
        let continuation: UnsafeContinuation<RedisReply, any Error>? = state.withLock { state in
            switch state {
            case .settled, .done:
                return nil
            case .open:
                state = .settled(result)
                return nil
            case .awaited(let continuation):
                // Not kept here, so that the caller alone holds the reply and can take it apart in its place.
                state = .done
                return continuation
            }
        }
        continuation?.resume(with: result)
    }
}
