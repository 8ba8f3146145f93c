import CacheStores
import Synchronization

/// One question that is under way, and everybody who waits for its answer.
final class Flight: Sendable {
    typealias Result = Swift.Result<Verification, VerificationError>

    private struct Waiter {
        let number: Int
        let continuation: CheckedContinuation<Result, Never>
    }

    private struct State {
        var result: Result?
        var waiters: [Waiter] = []
        /// Waiters that left before they had begun to wait.
        var departed: Set<Int> = []
        var nextWaiter = 0
        var isDetached = false
        /// What brings the answer, until it has.
        var task: Task<Void, Never>?
    }

    /// Names the question.
    let key: CacheKey

    private let state = Mutex(State())

    init(key: CacheKey) {
        self.key = key
    }

    /// Whether the answer may still be kept: not if the token was forgotten meanwhile.
    var isDetached: Bool { state.withLock { $0.isDetached } }

    /// Gives the answer to those who wait, but to no store.
    func detach() {
        state.withLock { $0.isDetached = true }
    }

    /// Takes note of the task that brings the answer, unless it has brought it already.
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

    /// Gives everybody the answer, unless there is one already.
    func land(_ result: Result) {
        let waiters = state.withLock { state -> [Waiter] in
            guard state.result == nil else { return [] }
            state.result = result
            state.task = nil
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.continuation.resume(returning: result) }
    }

    private func enter(_ continuation: CheckedContinuation<Result, Never>, as number: Int) {
        let result = state.withLock { state -> Result? in
            if state.departed.remove(number) != nil { return .failure(VerificationError(.cancelled)) }
            if let result = state.result { return result }
            state.waiters.append(Waiter(number: number, continuation: continuation))
            return nil
        }
        if let result { continuation.resume(returning: result) }
    }

    private func leave(_ number: Int) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.waiters.firstIndex(where: { $0.number == number }) else {
                if state.result == nil { state.departed.insert(number) }
                return nil
            }
            return state.waiters.remove(at: index)
        }
        waiter?.continuation.resume(returning: .failure(VerificationError(.cancelled)))
    }
}
