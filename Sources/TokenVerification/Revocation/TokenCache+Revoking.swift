import CacheStores
import Synchronization

extension TokenCache {
    /// Forgets what every authority of this cache's verifiers said about any token of a subject, in every process:
    /// "log this user out everywhere".
    ///
    /// Nothing is looked for: a mark is left in the store, and whatever was verified no later counts as absent from
    /// then on. This process heeds it at once, the others within a second. The processes' clocks have to agree: an
    /// answer that a process whose clock is ahead got just before the mark, by no more than it is ahead, seems to be
    /// newer than the mark, and lives on. So where clocks differ, forget twice, a little later the second time.
    ///
    /// - Parameter subject: the subject, as the authority names it (``VerifiedToken/subject``).
    /// - Throws: ``ConfigurationError`` if ``TokenCacheOptions/revocationMarks`` is off, or no verifier uses this cache; ``VerificationError`` of code
    ///   `unavailable` if the store did not confirm, and then this process has forgotten all the same.
    public func forgetAll(ofSubject subject: String) async throws {
        try await mark(.subject(subject))
    }

    /// Forgets what every authority of this cache's verifiers said about any token that was issued to a client.
    ///
    /// The same rules hold as for ``forgetAll(ofSubject:)``.
    ///
    /// - Parameter clientID: the client, as the authority names it (``VerifiedToken/clientID``).
    /// - Throws: ``ConfigurationError`` if ``TokenCacheOptions/revocationMarks`` is off, or no verifier uses this cache; ``VerificationError`` of code
    ///   `unavailable` if the store did not confirm, and then this process has forgotten all the same.
    public func forgetAll(ofClient clientID: String) async throws {
        try await mark(.client(clientID))
    }

    private func mark(_ party: MarkKeys.Party) async throws {
        guard let marks else {
            throw ConfigurationError(
                "subjects and clients can be forgotten only where the option revocationMarks is on, in every process"
            )
        }
        let authorities = authorities.withLock { $0 }
        guard !authorities.isEmpty else {
            throw ConfigurationError("no verifier uses this cache, so nobody knows whose subjects are meant")
        }
        let moment = clock.now
        let deadline = authorities.values.map(\.deadline).max() ?? .zero
        let end = RevocationMarks.end(of: moment, life: lifeMilliseconds, deadline: deadline)
        let keys = authorities.keys.flatMap { marks.keys.keys(of: [party], in: $0) }
        for key in keys { withdrawals.withdraw(key, at: moment) }
        // Whoever comes from now on asks anew; whose token it is that a question is about is not known yet.
        flights.closeBoarding()
        marks.near.invalidateEverything()
        defer { marks.near.invalidateEverything() }
        let isConfirmed = await confirm { [store = marks.store] in
            for key in keys { try await store.setMark(moment, for: key, until: end) }
        }
        guard isConfirmed else { throw VerificationError(.unconfirmed) }
    }
}
