import CacheStores
import CacheStoresWaiting

/// Calls to a token store: each within its deadline, counted, and spared while the store fails.
///
/// A store that fails or hangs counts as empty. The exception is revocation marks: see
/// ``TokenCacheOptions/Revocation/acceptsUncheckedTokens``.
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

    /// Whether an optional call may be made: the breaker lets it pass, and the question has time for it.
    ///
    /// What is left out is counted.
    func allows(_ health: StoreHealth, for question: Question?) -> Bool {
        if question?.mayAskStore ?? true, health.breaker.admit() { return true }
        meter.count(.sparedStore)
        return false
    }

    /// Makes a call within the store's deadline, unless the breaker is open; returns `nil` if there is no result.
    @discardableResult
    func attempt<Success: Sendable>(
        _ health: StoreHealth,
        for question: Question? = nil,
        _ call: @escaping @Sendable () async throws -> Success
    ) async -> Success? {
        allows(health, for: question) ? await insist(health, for: question, call) : nil
    }

    /// Makes a call within the store's deadline even if the breaker is open; returns `nil` if the store fails.
    private func insist<Success: Sendable>(
        _ health: StoreHealth,
        for question: Question? = nil,
        _ call: @escaping @Sendable () async throws -> Success
    ) async -> Success? {
        await tolerating(health, for: question) {
            guard let deadline else { return try await call() }
            return try await withDeadline(min(deadline, question?.deadline.remaining ?? deadline), call)
        }
    }

    /// Makes a call that ends in time by itself; returns `nil` if the store fails.
    func tolerating<Success>(
        _ health: StoreHealth,
        for question: Question?,
        _ call: () async throws -> Success
    ) async -> Success? {
        do {
            let result = try await call()
            health.noteSuccess()
            return result
        } catch is CancellationError {
            return nil
        } catch {
            meter.count(.storeFailure)
            // A call that was cut short says nothing of the store.
            if error.isTimeout, let question, question.deadline.hasPassed { return nil }
            health.noteFailure(error)
            // A store that can't be written may well be read.
            if health === reads, error.isTimeout { question?.noteHangingStore() }
            return nil
        }
    }

    /// Whether the store has done a call, even if the breaker is open, before the question's deadline.
    ///
    /// The call has the store's whole deadline, whatever is left of the question's.
    func insist(
        _ health: StoreHealth,
        for question: Question,
        _ call: @escaping @Sendable () async throws -> Void
    ) async -> Bool {
        // Ended by its own return, at the store's deadline at the latest; a caller that leaves doesn't undo it.
        let work = Task.detached { await self.insist(health, for: nil, call) != nil }
        let result = try? await withDeadline(question.deadline.remaining) { await work.value }
        return result ?? false
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

extension Error {
    /// Whether a store took longer than it may.
    fileprivate var isTimeout: Bool { self is DeadlineExceeded || (self as? StoreError)?.code == .timedOut }
}
