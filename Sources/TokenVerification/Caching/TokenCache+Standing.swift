import CacheStores

extension TokenCache {
    /// Whether an answer counts, given the marks of its subject and its client.
    ///
    /// - Returns: `unknown` if the store fails, and `clear` always where no marks are used.
    func standing(of token: VerifiedToken, as question: Question) async -> RevocationMarks.Standing {
        guard let marks else { return .clear }
        let known = marks.nearStanding(of: token, under: question.key, at: clock.now)
        let standing = known == .unknown ? await lookedUpStanding(of: token, as: question, marks) : known
        if standing != .clear { meter.count(.markedAnswer) }
        return standing
    }

    private func lookedUpStanding(
        of token: VerifiedToken,
        as question: Question,
        _ marks: RevocationMarks
    ) async -> RevocationMarks.Standing {
        let keys = marks.keys.keys(of: token, in: question.context)
        guard !keys.isEmpty else { return .clear }
        // Marks that the store did not confirm hold in this process all the same.
        if keys.contains(where: { withdrawals.cover($0, verifiedAt: token.verifiedAt) }) { return .covered }
        let ticket = marks.near.beginFill(for: question.key)
        guard isWorthAsking(storeReads) else { return .unknown }
        guard let found = await perform(storeReads, { try await marks.store.marks(for: keys) })
        else { return .unknown }
        let latest = found.compactMap(\.self).max() ?? .distantPast
        if let ticket {
            let entry = CacheEntry(latest, expiry: .distantFuture)
            marks.near.fill(entry, for: question.key, with: ticket, at: clock.now)
        }
        return RevocationMarks.standing(of: token, after: latest)
    }
}
