import CacheStores
import Logging
import Synchronization

/// Goes on in the background with a search for entries that no index knows, until it has come to its end.
final class StraySearch: Sendable {
    typealias Search = @Sendable () async throws -> Void

    private struct State {
        var task: Task<Void, Never>?
        /// What follows: an entry may be lost where the search that is running has already been.
        var next: Search?
        var isStopped = false
    }

    private let logger: Logger
    private let state = Mutex(State())

    init(logger: Logger) {
        self.logger = logger
    }

    /// Begins a search; while one is running, another follows it.
    ///
    /// - Parameter search: the search, from its beginning to its end; one that fails is done again.
    func start(_ search: @escaping Search) {
        state.withLock { state in
            guard !state.isStopped else { return }
            state.next = search
            guard state.task == nil else { return }
            // Ended by its own return, or by `end()`.
            state.task = Task.detached { [self] in
                while let search = takeNext() { await finish(search) }
            }
        }
    }

    func stop() async {
        await end()?.value
    }

    func abandon() {
        _ = end()
    }

    private func finish(_ search: Search) async {
        var pause = Backoff(.milliseconds(100), upTo: .seconds(30))
        var hasFailed = false
        while !Task.isCancelled {
            do {
                return try await search()
            } catch {
                if !hasFailed, !(error is CancellationError) {
                    logger.warning(
                        "the search for removed entries that no index knows fails, and is tried again",
                        metadata: ["error": "\(error)"]
                    )
                }
                hasFailed = true
            }
            await pause.wait()
        }
    }

    private func takeNext() -> Search? {
        state.withLock { state in
            defer { state.next = nil }
            if state.isStopped || state.next == nil { state.task = nil }
            return state.isStopped ? nil : state.next
        }
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
