import Synchronization

/// One question that is under way, and everybody who waits for its answer.
final class Flight<Answer: Sendable>: Sendable {
    typealias Result = Swift.Result<Answer, VerificationError>

    private struct State {
        var result: Result?
        var waiters: [Int: CheckedContinuation<Result, Never>] = [:]
        /// Waiters that left before they had begun to wait.
        var departed: Set<Int> = []
        var nextWaiter = 0
        var isDetached = false
    }

    private let state = Mutex(State())

    /// Whether the answer may still be kept: not if the token was forgotten meanwhile.
    var isDetached: Bool { state.withLock { $0.isDetached } }

    /// Gives the answer to those who wait, but to no store.
    func detach() {
        state.withLock { $0.isDetached = true }
    }

    /// Waits for the answer.
    ///
    /// A caller that is cancelled leaves at once; the flight goes on without it.
    func result() async -> Result {
        let waiter = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { enter($0, as: waiter) }
        } onCancel: {
            leave(waiter)
        }
    }

    /// Gives everybody the answer, unless there is one already.
    func land(_ result: Result) {
        let waiters = state.withLock { state in
            guard state.result == nil else { return [CheckedContinuation<Result, Never>]() }
            state.result = result
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume(returning: result) }
    }

    private func enter(_ continuation: CheckedContinuation<Result, Never>, as waiter: Int) {
        let result = state.withLock { state -> Result? in
            if state.departed.remove(waiter) != nil { return .failure(VerificationError(.cancelled)) }
            if let result = state.result { return result }
            state.waiters[waiter] = continuation
            return nil
        }
        if let result { continuation.resume(returning: result) }
    }

    private func leave(_ waiter: Int) {
        let continuation = state.withLock { state in
            let continuation = state.waiters.removeValue(forKey: waiter)
            if continuation == nil, state.result == nil { state.departed.insert(waiter) }
            return continuation
        }
        continuation?.resume(returning: .failure(VerificationError(.cancelled)))
    }
}
