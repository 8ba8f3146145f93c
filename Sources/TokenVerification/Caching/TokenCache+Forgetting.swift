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
    /// - Throws: ``VerificationError`` of code `unavailable` if the store did not confirm; this process has
    ///   forgotten the token all the same.
    public func forget(_ token: BearerToken) async throws(VerificationError) {
        let contexts = authorities.withLock { $0 }
        var isConfirmed = true
        for (context, authority) in contexts {
            let key = context.key(for: token)
            withdrawals.withdraw(key, at: clock.now)
            flights.detach(key)
            store.dropNear(key)
            if let refusals { _ = try? refusals.removeEntry(for: key, holding: .zero, at: clock.now) }
            let hold = authority.deadline + options.removalDeadline
            let wasRemoved = await confirm { [store] in try await store.remove(key, holding: hold) }
            isConfirmed = isConfirmed && wasRemoved
        }
        guard isConfirmed else { throw VerificationError(.unconfirmed) }
    }

    /// Forgets what was said about any token, in every process that shares the store.
    ///
    /// - Throws: ``VerificationError`` of code `unavailable` if the store did not confirm.
    public func forgetAll() async throws(VerificationError) {
        let deadline = authorities.withLock { $0.values.map(\.deadline).max() } ?? .zero
        withdrawals.withdrawEverything(at: clock.now)
        flights.detachAll()
        store.dropEverythingNear()
        if let refusals { try? refusals.removeAll(holding: .zero, at: clock.now) }
        let hold = deadline + options.removalDeadline
        guard await confirm({ [store] in try await store.removeAll(holding: hold) }) else {
            throw VerificationError(.unconfirmed)
        }
    }

    /// Whether the store did something, within the removal deadline and whatever becomes of the caller.
    func confirm(_ operation: @escaping @Sendable () async throws -> Void) async -> Bool {
        meter.count(.removal)
        // Ended by its own return, at the removal deadline at the latest; a caller that leaves doesn't undo it.
        let removal = Task.detached { [options, meter, storeHealth] in
            do {
                try await withDeadline(options.removalDeadline, operation)
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
