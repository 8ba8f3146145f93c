import CacheStores
import CacheStoresWaiting

/// One question that is under way, and the callers that wait for its answer.
final class Flight: Sendable {
    typealias Result = Swift.Result<Verification, VerificationError>

    private struct State {
        var result: Result?
        var isDetached = false
        /// The task that brings the answer; `nil` once it is there.
        var task: Task<Void, Never>?
    }

    /// Names the question.
    let key: CacheKey
    /// The span of the question; `nil` if its first caller is not traced.
    let span: FlightSpan?

    private let state = AsyncMonitor(State())

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
        do {
            return try await state.value { $0.result }
        } catch {
            return .failure(VerificationError(.cancelled))
        }
    }

    /// Gives all waiters the answer, unless there is one already.
    func finish(_ result: Result) {
        state.withLock { state in
            guard state.result == nil else { return }
            state.result = result
            state.task = nil
        }
    }
}
