/// Keeps the near copies in step with a store's notices of change, for as long as it exists.
package final class InvalidationListener: Sendable {
    private static let shortestPause: Duration = .milliseconds(10)
    private static let longestPause: Duration = .seconds(1)

    private let task: Task<Void, Never>

    /// Listens to a store on behalf of near copies that start out closed.
    ///
    /// - Parameters:
    ///   - store: the store.
    ///   - near: the copies.
    ///   - noteChange: called with each changed key before its copy is dropped; with `nil` if any key may have changed.
    package init<Value>(
        to store: any InvalidatingStore,
        keeping near: NearMemory<Value>,
        noteChange: @escaping @Sendable (CacheKey?) -> Void = { _ in }
    ) {
        // Ended by `stop()` or `deinit`.
        task = Task.detached {
            var pause = Self.shortestPause
            while !Task.isCancelled {
                let stood = await Self.follow(store.invalidations, keeping: near, noteChange)
                noteChange(nil)
                near.close()
                // A channel that breaks off at once must not keep a core busy.
                pause = stood ? Self.shortestPause : min(pause * 2, Self.longestPause)
                try? await Task.sleep(for: pause)
            }
        }
    }

    deinit {
        task.cancel()
    }

    /// Stops listening; the near copies stay closed.
    package func stop() async {
        task.cancel()
        await task.value
    }

    /// Follows one subscription to its end, and returns whether it ever stood.
    private static func follow<Value>(
        _ invalidations: any AsyncSequence<Invalidation, Never> & Sendable,
        keeping near: NearMemory<Value>,
        _ noteChange: @Sendable (CacheKey?) -> Void
    ) async -> Bool {
        var stood = false
        for await invalidation in invalidations {
            if Task.isCancelled { return stood }
            stood = true
            switch invalidation {
            case .key(let key):
                noteChange(key)
                near.notice(key)
            case .everything:
                noteChange(nil)
                near.invalidateEverything()
                near.open()
            }
        }
        return stood
    }
}
