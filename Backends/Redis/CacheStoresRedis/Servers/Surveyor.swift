import CacheStores
import Synchronization

/// Repeats a task every few seconds, and at once after ``hurry()``.
final class Surveyor: Sendable {
    private struct State {
        var task: Task<Void, Never>?
        var sleep: Task<Void, Never>?
        var isHurried = false
        var isStopped = false
    }

    private static let interval: Duration = .seconds(5)

    private let state = Mutex(State())

    /// - Parameter survey: the task; returns whether it succeeded. A failed one is repeated soon.
    func start(_ survey: @escaping @Sendable () async -> Bool) {
        // Ended by `stop()` or `abandon()`.
        let task = Task.detached { [weak self] in
            var pause = Backoff(.milliseconds(50), upTo: .seconds(1))
            while !Task.isCancelled {
                let isWell = await survey()
                // Even `hurry()` does not skip this pause.
                await pause.wait()
                if isWell, let rest = await self?.rest() { pause.reset(after: rest) }
            }
        }
        let isLate = state.withLock { state in
            state.task = task
            return state.isStopped
        }
        if isLate { task.cancel() }
    }

    func hurry() {
        state.withLock { state in
            state.isHurried = true
            state.sleep?.cancel()
        }
    }

    func stop() async {
        await end()?.value
    }

    func abandon() {
        _ = end()
    }

    /// Waits for the next turn, and returns how long that took.
    private func rest() async -> Duration {
        let start = WallClock.monotonic.now
        // Ends by its own return, by `hurry()` or by `end()`.
        let sleep = Task { () async -> Void in
            try? await Task.sleep(for: Self.interval * Double.random(in: 1...1.2))
        }
        let isNeeded = state.withLock { state in
            state.sleep = sleep
            return !state.isHurried && !state.isStopped
        }
        if !isNeeded { sleep.cancel() }
        await sleep.value
        state.withLock { $0.isHurried = false }
        return start.duration(to: WallClock.monotonic.now)
    }

    private func end() -> Task<Void, Never>? {
        let (task, sleep) = state.withLock { state in
            state.isStopped = true
            return (state.task, state.sleep)
        }
        task?.cancel()
        sleep?.cancel()
        return task
    }
}
