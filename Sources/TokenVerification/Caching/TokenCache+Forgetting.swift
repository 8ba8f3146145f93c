import CacheStores
import Synchronization

extension TokenCache {
    /// Forgets the answers of all authorities of this cache's verifiers about a token, in every process.
    ///
    /// The token's next use asks the authority. An answer to a question that begins more than a second after the
    /// removal is kept as usual; in that second, which is the tolerance for clocks that differ, each use asks.
    ///
    /// - A question that is under way is answered to the callers that wait for it, and no process keeps the answer.
    /// - Other processes find nothing in the store any more. They use their near copies for their near life at most.
    /// - Another process may be asking about the token when this returns. Its later callers join that question, and so
    ///   may be given an older answer, until the question ends: 60 s at most, the longest deadline of an authority. A
    ///   process that keeps copies near, of a store that tells of changes (`InvalidatingStore`), lets no caller join
    ///   from the moment at which it is told.
    ///
    /// - Parameter token: the token.
    /// - Throws: ``ConfigurationError`` if no verifier uses this cache; ``VerificationError`` of code `unavailable` if
    ///   the store did not confirm, and then this process has forgotten the token all the same.
    public func forget(_ token: BearerToken) async throws {
        let contexts = authorities.withLock { Array($0.keys) }
        guard !contexts.isEmpty else {
            throw ConfigurationError(
                "forget needs a verifier that uses this cache: without one, no authority is known"
            )
        }
        let keys = contexts.map { $0.key(for: token) }
        for key in keys {
            answers.rules.withdrawals.withdraw(key, at: clock.now)
            flights.detach(key)
            refresher?.detach(key)
            answers.dropNear(key)
            limits.remove(key)
            refusals?.remove(key)
        }
        let isConfirmed = await answers.access.confirm { [answers] in
            try await withThrowingTaskGroup { group in
                for key in keys {
                    group.addTask { try await answers.remove(key) }
                }
                try await group.waitForAll()
            }
        }
        guard isConfirmed else { throw VerificationError(.unconfirmed) }
    }

    /// Forgets the answers about all tokens, in every process that shares the store.
    ///
    /// The rules of ``forget(_:)`` hold. It costs the authority a question for each token that is in use, from every
    /// process or, with `fleet.isOn`, from one. In the first second it costs a question for each use, since those
    /// answers are not kept. ``TokenCacheOptions/Questions/maximum`` bounds how many are under way at once in a process,
    /// and ``TokenCacheOptions/Questions/maximumWaiting`` how many more wait; what is beyond that fails as `unavailable`
    /// and can be tried again a second later.
    ///
    /// - Throws: ``VerificationError`` of code `unavailable` if the store did not confirm.
    public func forgetAll() async throws(VerificationError) {
        answers.rules.withdrawals.withdrawEverything(at: clock.now)
        flights.detachAll()
        refresher?.detachAll()
        answers.dropEverythingNear()
        limits.removeAll()
        refusals?.removeAll()
        guard await answers.access.confirm({ [answers] in try await answers.removeAll() }) else {
            throw VerificationError(.unconfirmed)
        }
    }
}
