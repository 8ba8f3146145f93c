import Synchronization

/// The calls that wait for their connection's event loop to send them, all at once.
final class RedisMailbox: Sendable {
    private struct State {
        var calls: [RedisCall] = []
        var isLoopComing = false
        var isClosed = false
    }

    enum Delivery {
        /// The event loop has to be woken.
        case first
        /// It is on its way.
        case followed
        /// Nobody will ever look again.
        case refused
    }

    private let state = Mutex(State())

    func put(_ call: RedisCall) -> Delivery {
        state.withLock { state in
            guard !state.isClosed else { return .refused }
            state.calls.append(call)
            defer { state.isLoopComing = true }
            return state.isLoopComing ? .followed : .first
        }
    }

    /// Takes everything out.
    func empty() -> [RedisCall] {
        state.withLock { state in
            state.isLoopComing = false
            defer { state.calls = [] }
            return state.calls
        }
    }

    /// Refuses whatever comes from now on, and gives back what is there.
    func close() -> [RedisCall] {
        state.withLock { state in
            state.isClosed = true
            defer { state.calls = [] }
            return state.calls
        }
    }
}
