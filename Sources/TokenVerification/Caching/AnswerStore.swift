import CacheStores

/// Keeps answers in a store, whatever the type of the store's values.
protocol AnswerStore: Sendable {
    /// The source of an answer from ``nearAnswer(for:at:)``.
    var nearSource: Verification.Source { get }

    /// Whether ``nearAnswer(for:at:)`` finds everything that the store holds, so that a look-up never waits.
    var answersAtOnce: Bool { get }

    /// The store's clock as this process knows it; `nil` while it is not known.
    var now: Timestamp? { get }

    /// How many records are remembered as they were opened.
    var openedRecordCount: Int { get }

    /// The secrets that revocation marks are hashed with.
    var markSecrets: [SealingSecret] { get }

    /// A further ability of the store, such as leases.
    func ability<Ability>(_ ability: Ability.Type) -> Ability?

    /// An answer that is available without waiting.
    func nearAnswer(for key: CacheKey, at now: Timestamp) -> VerifiedToken?

    /// The readable answer that the store holds, or none; `nil` if the look-up has to wait.
    func immediateAnswer(to question: Question, at now: Timestamp) throws -> VerifiedToken??

    /// The readable answer that the store holds, looked up within a limit.
    func answer(
        to question: Question,
        at now: Timestamp,
        within limit: Duration
    ) async throws -> VerifiedToken?

    /// Keeps an answer until its expiry, unless the token was forgotten since.
    ///
    /// - Parameters:
    ///   - token: the answer.
    ///   - question: what it answers.
    ///   - asked: when the authority was asked, by ``now``.
    ///   - expiry: the answer's expiry.
    /// - Returns: how many live answers the store dropped to make room.
    /// - Throws: what the store throws.
    func keep(
        _ token: VerifiedToken,
        as question: Question,
        asked: Timestamp,
        until expiry: Timestamp
    ) async throws -> Int

    /// Drops the near copy of an answer, and one that is being fetched.
    func dropNear(_ key: CacheKey)

    /// Drops all near copies.
    func dropEverythingNear()

    /// Removes an answer; an answer to a question that began before the removal is not stored later.
    func remove(_ key: CacheKey) async throws

    /// Removes every answer; an answer to a question that began before the removal is not stored later.
    func removeAll() async throws

    /// Shuts down what belongs to the cache, and the store if the cache owns it.
    func shutdown(includingStore: Bool) async
}

extension AnswerStore {
    var openedRecordCount: Int { 0 }

    var markSecrets: [SealingSecret] { [.absent] }
}
