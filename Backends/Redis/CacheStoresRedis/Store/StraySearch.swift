#if Redis
import CacheStores
import CacheStoresWaiting
import Logging

/// Searches in the background for entries that are in no index, until the search reaches its end.
final class StraySearch: Sendable {
    typealias Search = @Sendable () async throws -> Void

    private struct State {
        var search: Search?
        /// An entry may have left the indexes behind the running search, so a search after a later request is repeated.
        var requests = 0
        var isFailing = false
    }

    private let logger: Logger
    private let keeper = Keeper(from: .milliseconds(100), to: .seconds(30))
    private let state = AsyncMonitor(State())

    init(logger: Logger) {
        self.logger = logger
    }

    /// Starts a search, or repeats it after the one that is running.
    ///
    /// - Parameter search: a whole search; a failed one is repeated from its beginning.
    func start(_ search: @escaping Search) {
        state.withLock { state in
            state.search = search
            state.requests += 1
        }
        keeper.start { [weak self] in await self?.turn() }
    }

    func stop() async {
        await keeper.stop()
    }

    func abandon() {
        keeper.abandon()
    }

    private func turn() async {
        let next = try? await state.value { state in
            state.search.map { (search: $0, requests: state.requests) }
        }
        guard let next else { return }
        do {
            try await next.search()
            state.withLock { state in
                state.isFailing = false
                if state.requests == next.requests { state.search = nil }
            }
        } catch {
            let isNews = state.withLock { state in
                defer { state.isFailing = true }
                return !state.isFailing
            }
            guard isNews, !(error is CancellationError) else { return }
            logger.warning(
                "the search for removed entries that are in no index failed; it is repeated",
                metadata: ["error": "\(error)"]
            )
        }
    }
}
#endif
