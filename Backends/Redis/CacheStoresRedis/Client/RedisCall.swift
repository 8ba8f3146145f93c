#if Redis
import CacheStores
import CacheStoresWaiting
import Synchronization

/// A pending command and its caller.
///
/// The caller gets exactly one outcome, the first: the reply, a failure, the deadline or its task's cancellation. A
/// later reply is dropped, but keeps its place in the order of replies.
///
/// It is not generic, since every lookup makes one: a result type of another module costs each command a microsecond.
final class RedisCall: Sendable {
    private enum State {
        case open
        case awaited(UnsafeContinuation<RedisReply, any Error>)
        case settled(Result<RedisReply, any Error>)
        case done
    }

    /// When the call times out.
    let deadline: Deadline
    /// The only valid reply, if it is known.
    let expected: RedisReply?

    private let state = Mutex(State.open)

    init(by deadline: Deadline, expecting expected: RedisReply? = nil) {
        self.deadline = deadline
        self.expected = expected
    }

    /// Whether the call has its outcome, so that no caller waits.
    var isSettled: Bool {
        state.withLock { state in
            switch state {
            case .open, .awaited: false
            case .settled, .done: true
            }
        }
    }

    /// Waits for the outcome; to be called once.
    ///
    /// The continuation needs no checking: the one transition away from `awaited` resumes it, and the end of the
    /// connection settles every call.
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

    /// Sets the outcome, unless there is one already.
    func settle(_ result: Result<RedisReply, any Error>) {
        let continuation: UnsafeContinuation<RedisReply, any Error>? = state.withLock { state in
            switch state {
            case .settled, .done:
                return nil
            case .open:
                state = .settled(result)
                return nil
            case .awaited(let continuation):
                // The reply is not kept here, so that the caller holds the only reference and can decode it in place.
                state = .done
                return continuation
            }
        }
        continuation?.resume(with: result)
    }
}
#endif
