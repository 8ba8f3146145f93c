import Synchronization

/// Keeps something alive in the background: does a task again and again, with pauses, until it is stopped.
///
/// The pauses grow, so that what fails at once is not tried without a rest. A turn that lasts longer than the longest
/// pause is no such failure: after it the pauses start with the shortest again.
package final class Keeper: Sendable {
    private struct State {
        var task: Task<Void, Never>?
        var isStopped = false
    }

    private let shortest: Duration
    private let longest: Duration
    private let state = Mutex(State())

    /// - Parameters:
    ///   - shortest: the length of the first pause.
    ///   - longest: the length that no pause exceeds.
    package init(from shortest: Duration, to longest: Duration) {
        self.shortest = shortest
        self.longest = longest
    }

    deinit {
        abandon()
    }

    /// Starts the turns, unless they were started or stopped before.
    ///
    /// - Parameter turn: keeps something alive and returns when it has ended, or failed; it is cancelled at the end.
    package func start(_ turn: @escaping @Sendable () async -> Void) {
        state.withLock { state in
            guard !state.isStopped, state.task == nil else { return }
            // Ended by `stop()`, `abandon()` or `deinit`.
            state.task = Task.detached { [shortest, longest] in
                var pauses = Backoff(from: shortest, to: longest)
                while !Task.isCancelled {
                    let start = ContinuousClock.now
                    await turn()
                    if start.duration(to: .now) > longest { pauses.reset() }
                    await pauses.wait()
                }
            }
        }
    }

    /// Cancels the turn, and waits for its end.
    package func stop() async {
        await end()?.value
    }

    /// Cancels the turn without waiting.
    package func abandon() {
        _ = end()
    }

    private func end() -> Task<Void, Never>? {
        let task = state.withLock { state in
            state.isStopped = true
            return state.task
        }
        task?.cancel()
        return task
    }
}
