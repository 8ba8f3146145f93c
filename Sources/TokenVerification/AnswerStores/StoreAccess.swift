import CacheStores
import CacheStoresWaiting

/// Calls to a token store: each within its deadline, counted, and spared while the store fails.
///
/// A store that fails or hangs neither fails a login nor passes one.
final class StoreAccess: Sendable {
    /// Reads and writes fail apart.
    let reads: StoreHealth
    let writes: StoreHealth
    private let deadline: Duration?
    private let removalDeadline: Duration
    private let meter: TokenCacheMeter

    /// - Parameters:
    ///   - options: the cache's.
    ///   - needsDeadline: whether a call may wait; one to a store in this process does not.
    ///   - meter: counts failures and spared calls.
    init(options: TokenCacheOptions, needsDeadline: Bool, meter: TokenCacheMeter) {
        reads = StoreHealth(.reading, options: options)
        writes = StoreHealth(.writing, options: options)
        deadline = needsDeadline ? options.store.deadline : nil
        removalDeadline = options.store.removalDeadline
        self.meter = meter
    }

    /// Whether the breaker lets an optional call pass; counts it if not.
    func allows(_ health: StoreHealth) -> Bool {
        if health.admit() { return true }
        meter.count(.sparedStore)
        return false
    }

    /// Makes a call within the store's deadline, unless the breaker is open; returns `nil` if there is no result.
    @discardableResult
    func attempt<Success: Sendable>(
        _ health: StoreHealth,
        _ call: @escaping @Sendable () async throws -> Success
    ) async -> Success? {
        allows(health) ? await insist(health, call) : nil
    }

    /// Makes a call within the store's deadline even if the breaker is open; returns `nil` if the store fails.
    @discardableResult
    func insist<Success: Sendable>(
        _ health: StoreHealth,
        _ call: @escaping @Sendable () async throws -> Success
    ) async -> Success? {
        await tolerating(health) {
            if let deadline { try await withDeadline(deadline, call) } else { try await call() }
        }
    }

    /// Makes a call that ends in time by itself; returns `nil` if the store fails.
    func tolerating<Success>(_ health: StoreHealth, _ call: () async throws -> Success) async -> Success? {
        do {
            let result = try await call()
            health.noteSuccess()
            return result
        } catch is CancellationError {
            return nil
        } catch {
            meter.count(.storeFailure)
            health.noteFailure(error)
            return nil
        }
    }

    /// Whether the store confirmed a removal or a mark within the removal deadline.
    ///
    /// A cancelled caller does not end the call.
    func confirm(_ call: @escaping @Sendable () async throws -> Void) async -> Bool {
        meter.count(.removal)
        // Ended by its own return, at the removal deadline at the latest; a caller that leaves doesn't undo it.
        let removal = Task.detached { [removalDeadline, meter, writes] in
            do {
                try await withDeadline(removalDeadline, call)
                writes.noteSuccess()
                return true
            } catch {
                meter.count(.storeFailure)
                writes.noteFailure(error)
                return false
            }
        }
        return await removal.value
    }
}
