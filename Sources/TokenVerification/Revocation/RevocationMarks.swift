import CacheStores

/// What a process knows of the marks that forget all tokens of a subject or of a client.
///
/// A class, so that it takes one look to see that a cache has none.
final class RevocationMarks: Sendable {
    /// What is known of an answer.
    enum Standing {
        /// It was verified after everything that its subject and its client were marked with.
        case clear
        /// It was verified no later than a mark.
        case covered
        /// Its marks are to be looked up.
        case unknown
    }

    /// How long what was read of a token's marks is used.
    private static let nearLife = Duration.seconds(1)
    /// How long a mark is kept at least: other processes may keep answers for longer than this one.
    private static let shortestLife = Duration.seconds(86_400)

    let store: any MarkingStore
    let keys: MarkKeys
    /// The latest mark on the subject or the client of each token, by the token's key.
    let near: NearMemory<Timestamp>

    init(
        store: any MarkingStore,
        secrets: [SealingSecret],
        nearCapacity: Int,
        clock: WallClock
    ) throws(StoreError) {
        self.store = store
        keys = MarkKeys(secrets: secrets)
        near = try NearMemory(
            life: Self.nearLife,
            capacity: nearCapacity,
            hasNotices: false,
            clock: clock.isInjected ? clock : .monotonic
        )
    }

    /// What is at hand of an answer's standing.
    func nearStanding(of token: VerifiedToken, under key: CacheKey, at now: Timestamp) -> Standing {
        guard let mark = near.entry(for: key, at: now)?.value else { return .unknown }
        return Self.standing(of: token, after: mark)
    }

    static func standing(of token: VerifiedToken, after mark: Timestamp) -> Standing {
        token.verifiedAt > mark ? .clear : .covered
    }

    /// Until when a mark is kept that is set now, so that it outlives every answer that it covers.
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
