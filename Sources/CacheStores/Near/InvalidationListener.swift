import CacheStoresWaiting

/// Keeps the near copies in step with a store's notices of change, for as long as it exists.
package final class InvalidationListener: Sendable {
    private let keeper = Keeper(from: .milliseconds(10), to: .seconds(1))

    /// Listens to a store on behalf of near copies that start out closed.
    ///
    /// - Parameters:
    ///   - store: the store.
    ///   - near: the copies.
    ///   - noteChange: called with each changed key before its copy is dropped; with `nil` if any key may have changed.
    package init(
        to store: any InvalidatingStore,
        keeping near: some NearCopies,
        noteChange: @escaping @Sendable (CacheKey?) -> Void = { _ in }
    ) {
        keeper.start {
            await Self.follow(store.invalidations, keeping: near, noteChange)
            noteChange(nil)
            near.close()
        }
    }

    /// Stops listening; the near copies stay closed.
    package func stop() async {
        await keeper.stop()
    }

    /// Follows one subscription to its end.
    private static func follow(
        _ invalidations: any AsyncSequence<Invalidation, Never> & Sendable,
        keeping near: some NearCopies,
        _ noteChange: @Sendable (CacheKey?) -> Void
    ) async {
        for await invalidation in invalidations {
            if Task.isCancelled { return }
            switch invalidation {
            case .key(let key):
                noteChange(key)
                near.notice(key)
            case .everything:
                noteChange(nil)
                near.open()
            }
        }
    }
}
