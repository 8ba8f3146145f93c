import CacheStores

/// Where a cache keeps answers, whatever the store behind it keeps.
protocol AnswerStore: Sendable {
    /// What ``nearAnswer(for:at:)`` answers from.
    var nearSource: Verification.Source { get }

    /// Whether the store never waits, and what is at hand is all that it holds.
    var answersAtOnce: Bool { get }

    /// The store's clock as this process knows it; `nil` while it is not known.
    var now: Timestamp? { get }

    /// How many records are remembered as they were opened.
    var openedRecordCount: Int { get }

    /// What revocation marks are hashed with.
    var markSecrets: [SealingSecret] { get }

    /// What the store can do besides.
    func ability<Ability>(_ ability: Ability.Type) -> Ability?

    /// An answer that is at hand without waiting.
    func nearAnswer(for key: CacheKey, at now: Timestamp) -> VerifiedToken?

    /// The answer that the store holds and that could be read, or none; `nil` if it takes waiting to know.
    func immediateAnswer(to question: Question, at now: Timestamp) throws -> VerifiedToken??

    /// An answer that the store holds and that could be read, looked for no longer than a limit.
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
    /// - Throws: what the store throws.
    func keep(
        _ token: VerifiedToken,
        as question: Question,
        asked: Timestamp,
        until expiry: Timestamp
    ) async throws

    /// Drops what is at hand without waiting, and what is on its way there.
    func dropNear(_ key: CacheKey)

    /// Drops everything that is at hand.
    func dropEverythingNear()

    /// Removes an answer, and lets no answer take its place whose question began before.
    func remove(_ key: CacheKey) async throws

    /// Removes every answer, and lets no answer come back whose question began before.
    func removeAll() async throws

    /// Lets go of what belongs to the cache itself, and of the store if it was handed over.
    func shutdown(includingStore: Bool) async
}

extension AnswerStore {
    var openedRecordCount: Int { 0 }

    var markSecrets: [SealingSecret] { [.absent] }
}
