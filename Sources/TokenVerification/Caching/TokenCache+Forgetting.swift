import CacheStores
import Synchronization

extension TokenCache {
    /// Forgets what every authority of this cache's verifiers said about a token, in every process.
    ///
    /// Afterwards the token's next use asks the authority. A question that is under way is answered to those who
    /// wait for it but kept by nobody, in no process. Other processes that share the store see the removal at
    /// once; what they keep near, they use for their near life at the most.
    ///
    /// - Parameter token: the token.
    /// - Throws: ``VerificationError`` of code `unavailable` if the store did not confirm, or no verifier uses this
    ///   cache; this process has forgotten the token all the same.
    public func forget(_ token: BearerToken) async throws(VerificationError) {
        let contexts = authorities.withLock { $0 }
        var holds: [CacheKey: Duration] = [:]
        for (context, authority) in contexts {
            let key = context.key(for: token)
            holds[key] = authority.deadline + options.removalDeadline
            withdrawals.withdraw(key, at: clock.now)
            flights.detach(key)
            store.dropNear(key)
            if let refusals {
                _ = try? refusals.removeEntry(for: key, holding: .zero, at: intervalClock.now)
            }
        }
        let isConfirmed = await confirm { [store, holds] in
            try await withThrowingTaskGroup { group in
                for (key, hold) in holds {
                    group.addTask { try await store.remove(key, holding: hold) }
                }
                try await group.waitForAll()
            }
        }
        // Without a verifier nobody knows where the token's answers are.
        guard isConfirmed, !holds.isEmpty else { throw VerificationError(.unconfirmed) }
    }

    /// Forgets what was said about any token, in every process that shares the store.
    ///
    /// - Throws: ``VerificationError`` of code `unavailable` if the store did not confirm.
    public func forgetAll() async throws(VerificationError) {
        let deadline = authorities.withLock { $0.values.map(\.deadline).max() } ?? .zero
        withdrawals.withdrawEverything(at: clock.now)
        flights.detachAll()
        store.dropEverythingNear()
        if let refusals { try? refusals.removeAll(holding: .zero, at: intervalClock.now) }
        let hold = deadline + options.removalDeadline
        guard await confirm({ [store] in try await store.removeAll(holding: hold) }) else {
            throw VerificationError(.unconfirmed)
        }
    }

    /// Whether the store did something, within the removal deadline and whatever becomes of the caller.
    func confirm(_ operation: @escaping @Sendable () async throws -> Void) async -> Bool {
        meter.count(.removal)
        // Ended by its own return, at the removal deadline at the latest; a caller that leaves doesn't undo it.
        let removal = Task.detached { [limit = options.removalDeadline, meter, storeHealth] in
            do {
                try await withDeadline(limit, operation)
                return true
            } catch {
                meter.count(.storeFailure)
                storeHealth.noteFailure(error)
                return false
            }
        }
        return await removal.value
    }
}
