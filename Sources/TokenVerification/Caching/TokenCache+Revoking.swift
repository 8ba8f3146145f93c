import CacheStores
import Synchronization

extension TokenCache {
    /// Forgets the answers of all authorities of this cache's verifiers about a subject's tokens, in every process:
    /// "log this user out everywhere".
    ///
    /// No answer is searched for: the store keeps a mark, and an answer that was verified no later counts as absent from
    /// then on. The mark takes effect in this process at once, in others within a second. If one process's clock is
    /// ahead by *d*, its answers from up to *d* before the mark seem newer than the mark, and stay. So where clocks
    /// differ, forget twice, the second time *d* later.
    ///
    /// - Parameter subject: the subject, as the authority names it (``VerifiedToken/subject``).
    /// - Throws: ``ConfigurationError`` if ``TokenCacheOptions/Revocation/isOn`` is off, or no verifier uses this cache; ``VerificationError`` of code
    ///   `unavailable` if the store did not confirm, and then this process has forgotten all the same.
    public func forgetAll(ofSubject subject: String) async throws {
        try await mark(.subject(subject))
    }

    /// Forgets the answers of all authorities of this cache's verifiers about a client's tokens, in every process.
    ///
    /// The same rules hold as for ``forgetAll(ofSubject:)``.
    ///
    /// - Parameter clientID: the client, as the authority names it (``VerifiedToken/clientID``).
    /// - Throws: ``ConfigurationError`` if ``TokenCacheOptions/Revocation/isOn`` is off, or no verifier uses this cache; ``VerificationError`` of code
    ///   `unavailable` if the store did not confirm, and then this process has forgotten all the same.
    public func forgetAll(ofClient clientID: String) async throws {
        try await mark(.client(clientID))
    }

    private func mark(_ party: MarkKeys.Party) async throws {
        guard let marks = answers.marks else {
            throw ConfigurationError(
                "forgetAll(ofSubject:) and forgetAll(ofClient:) need revocation.isOn, in every process"
            )
        }
        let authorities = authorities.withLock { $0 }
        guard !authorities.isEmpty else {
            throw ConfigurationError(
                "forgetAll(ofSubject:) and forgetAll(ofClient:) need a verifier that uses this cache: without one, no authority is known"
            )
        }
        let moment = clock.now
        let deadline = authorities.values.map(\.deadline).max() ?? .zero
        let end = RevocationMarks.end(of: moment, life: answers.rules.life, deadline: deadline)
        let keys = authorities.keys.flatMap { marks.keys.keys(of: [party], in: $0) }
        for key in keys { answers.rules.withdrawals.withdraw(key, at: moment) }
        // Later callers ask anew. All flights are closed, since the subject of a flight's token is not known yet.
        flights.closeBoarding()
        marks.near.invalidateEverything()
        defer { marks.near.invalidateEverything() }
        let isConfirmed = await answers.access.confirm { [store = marks.store] in
            for key in keys { try await store.setMark(moment, for: key, until: end) }
        }
        guard isConfirmed else { throw VerificationError(.unconfirmed) }
    }
}
