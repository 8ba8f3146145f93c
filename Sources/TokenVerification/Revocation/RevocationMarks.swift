import CacheStores

/// The marks that forget all tokens of a subject or of a client, as far as this process knows them.
///
/// A class, so that one load tells whether a cache has any.
final class RevocationMarks: Sendable {
    /// How long the marks that were read for a token are used.
    private static let nearLife = Duration.seconds(1)
    /// How long a mark is kept at least: other processes may keep answers for longer than this one.
    private static let shortestLife = Duration.seconds(86_400)

    let store: any MarkingStore
    let keys: MarkKeys
    /// The latest mark on the subject or the client of each token, by the token's key.
    let near: NearTier<Timestamp>

    init(
        store: any MarkingStore,
        secrets: [SealingSecret],
        nearCapacity: Int,
        clock: WallClock
    ) throws(StoreError) {
        self.store = store
        keys = MarkKeys(secrets: secrets)
        near = try NearTier(
            life: Self.nearLife,
            capacity: nearCapacity,
            hasNotices: false,
            clock: MonotonicClock(following: clock)
        )
    }

    /// The marks of a store; `nil` if the option is off.
    ///
    /// - Throws: ``ConfigurationError`` if the store can't keep marks.
    convenience init?(of answers: any AnswerStore, _ options: TokenCacheOptions) throws {
        guard options.revocation.isOn else { return nil }
        guard let marking = answers.store.ability((any MarkingStore).self) else {
            throw ConfigurationError("revocation.isOn needs a store with marks (MarkingStore)")
        }
        try self.init(
            store: marking,
            secrets: answers.markSecrets,
            nearCapacity: options.near.capacity,
            clock: options.clock
        )
    }

    /// The state of an answer; `unknown` if the store fails.
    func state(
        of token: VerifiedToken,
        as question: Question,
        at now: Timestamp,
        _ withdrawals: Withdrawals,
        _ access: StoreAccess
    ) async -> RevocationState {
        let known = nearState(of: token, under: question.key, at: now)
        guard known == .unknown else { return known }
        let keys = keys.keys(of: token, in: question.context)
        guard !keys.isEmpty else { return .clear }
        // Marks that the store did not confirm hold in this process all the same.
        if keys.contains(where: { withdrawals.covers($0, verifiedAt: token.verifiedAt) }) { return .covered }
        let fill = near.beginFill(for: question.key)
        let found = await access.attempt(access.reads) { [store] in try await store.marks(for: keys) }
        guard let found else { return .unknown }
        let latest = found.compactMap(\.self).max() ?? .distantPast
        if let fill {
            near.fill(CacheEntry(latest, expiry: .distantFuture), for: question.key, with: fill, at: now)
        }
        return Self.state(of: token, after: latest)
    }

    /// The state of an answer, as far as it is known without a look-up.
    func nearState(of token: VerifiedToken, under key: CacheKey, at now: Timestamp) -> RevocationState {
        guard let mark = near.entry(for: key, at: now)?.value else { return .unknown }
        return Self.state(of: token, after: mark)
    }

    static func state(of token: VerifiedToken, after mark: Timestamp) -> RevocationState {
        token.verifiedAt > mark ? .clear : .covered
    }

    /// The expiry of a mark that is set now: it outlives every answer that it covers.
    ///
    /// - Parameters:
    ///   - now: the moment.
    ///   - life: how long an answer is kept, in milliseconds.
    ///   - deadline: how long a question takes.
    /// - Returns: the mark's end.
    static func end(of now: Timestamp, life: Int64, deadline: Duration) -> Timestamp {
        // An answer from the future is believed up to a minute.
        let needed = now.advanced(byMilliseconds: life).advanced(by: deadline + .seconds(60))
        return max(needed, now.advanced(by: shortestLife))
    }
}
