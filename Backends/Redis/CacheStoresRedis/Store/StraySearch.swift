import CacheStores
import Logging
import Synchronization

/// Searches in the background for entries that are in no index, until the search reaches its end.
final class StraySearch: Sendable {
    typealias Search = @Sendable () async throws -> Void

    private struct State {
        var task: Task<Void, Never>?
        /// The search after this one: an entry may have left the indexes behind the running search.
        var next: Search?
        var isStopped = false
    }

    private let logger: Logger
    private let state = Mutex(State())

    init(logger: Logger) {
        self.logger = logger
    }

    /// Starts a search, or repeats it after the one that is running.
    ///
    /// - Parameter search: a whole search; a failed one is repeated from its beginning.
    func start(_ search: @escaping Search) {
        state.withLock { state in
            guard !state.isStopped else { return }
            state.next = search
            guard state.task == nil else { return }
            // Ends by its own return, or by `end()`.
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
                        "the search for removed entries that are in no index failed; it is repeated",
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
