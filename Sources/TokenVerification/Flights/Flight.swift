import CacheStores
import Synchronization

/// One question that is under way, and the callers that wait for its answer.
final class Flight: Sendable {
    typealias Result = Swift.Result<Verification, VerificationError>

    private struct Waiter {
        let number: Int
        let continuation: CheckedContinuation<Result, Never>
    }

    private struct State {
        var result: Result?
        /// Most flights have one waiter only, and need no table.
        var first: Waiter?
        var others: [Int: CheckedContinuation<Result, Never>] = [:]
        /// Waiters that left before they had begun to wait.
        var departed: Set<Int> = []
        var nextWaiter = 0
        var isDetached = false
        /// The task that brings the answer; `nil` once it is there.
        var task: Task<Void, Never>?
    }

    /// Names the question.
    let key: CacheKey
    /// The span of the question; `nil` if its first caller is not traced.
    let span: FlightSpan?

    private let state = Mutex(State())

    init(key: CacheKey, startedBy caller: CallerTrace?) {
        self.key = key
        span = caller.map(FlightSpan.init)
    }

    /// Whether the answer may still be kept: not if the token was forgotten meanwhile.
    var isDetached: Bool { state.withLock { $0.isDetached } }

    /// Marks the flight: its waiters get the answer, but no store keeps it.
    func detach() {
        state.withLock { $0.isDetached = true }
    }

    /// Sets the task that brings the answer, unless the answer is there already.
    func adopt(_ task: Task<Void, Never>) {
        state.withLock { if $0.result == nil { $0.task = task } }
    }

    /// Asks the task that brings the answer to end.
    func cancel() {
        state.withLock { $0.task }?.cancel()
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

    /// Gives all waiters the answer, unless there is one already.
    func land(_ result: Result) {
        let (first, others) = state.withLock {
            state -> (Waiter?, [Int: CheckedContinuation<Result, Never>]) in
            guard state.result == nil else { return (nil, [:]) }
            state.result = result
            state.task = nil
            defer { (state.first, state.others) = (nil, [:]) }
            return (state.first, state.others)
        }
        first?.continuation.resume(returning: result)
        for waiter in others.values { waiter.resume(returning: result) }
    }

    private func enter(_ continuation: CheckedContinuation<Result, Never>, as number: Int) {
        let result = state.withLock { state -> Result? in
            if state.departed.remove(number) != nil { return .failure(VerificationError(.cancelled)) }
            if let result = state.result { return result }
            if state.first == nil {
                state.first = Waiter(number: number, continuation: continuation)
            } else {
                state.others[number] = continuation
            }
            return nil
        }
        if let result { continuation.resume(returning: result) }
    }

    private func leave(_ number: Int) {
        let continuation = state.withLock { state -> CheckedContinuation<Result, Never>? in
            if let first = state.first, first.number == number {
                state.first = nil
                return first.continuation
            }
            let continuation = state.others.removeValue(forKey: number)
            if continuation == nil, state.result == nil { state.departed.insert(number) }
            return continuation
        }
        continuation?.resume(returning: .failure(VerificationError(.cancelled)))
    }
}
