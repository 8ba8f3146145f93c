/// Keeps the near copies in step with a store's notices of change, for as long as it exists.
package final class InvalidationListener: Sendable {
    private let task: Task<Void, Never>

    /// Listens to a store on behalf of near copies that start out closed.
    package init<Value>(to store: any InvalidatingStore, keeping near: NearMemory<Value>) {
        // Ended by `stop()` or `deinit`.
        task = Task.detached {
            while !Task.isCancelled {
                await Self.follow(store.invalidations, keeping: near)
                near.close()
                // A channel that broke off at once must not keep a core busy.
                try? await Task.sleep(for: .milliseconds(10))
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

    private static func follow<Value>(
        _ invalidations: any AsyncSequence<Invalidation, Never> & Sendable,
        keeping near: NearMemory<Value>
    ) async {
        for await invalidation in invalidations {
            if Task.isCancelled { return }
            switch invalidation {
            case .key(let key): near.notice(key)
            case .everything:
                near.invalidateEverything()
                near.open()
            }
        }
    }
}
