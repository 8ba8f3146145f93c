import CacheStores

/// A store of answers: what its values are, and how an answer becomes one.
protocol AnswerStore: Sendable {
    associatedtype Value: Sendable

    var entries: any CacheStore<Value> { get }

    /// How what is kept is protected.
    var sealing: Sealing { get }

    /// What is kept for an answer.
    func value(of token: VerifiedToken, as question: Question, until expiry: Timestamp) throws -> Value

    /// What an entry says; `nil` if it is not readable.
    func content(of entry: CacheEntry<Value>, as question: Question, at now: Timestamp) -> RecordContent?

    /// The records that are remembered as they were opened.
    var openedRecords: OpenedRecords? { get }
}

extension AnswerStore {
    /// The store, whatever its values are.
    var store: any CacheStore { entries }

    /// The secrets that revocation marks are hashed with.
    var markSecrets: [SealingSecret] { sealing.secrets.isEmpty ? [.absent] : sealing.secrets }

    /// What the store holds for a question, if it finds out without waiting.
    func immediateContent(for question: Question, at now: Timestamp) throws -> Lookup<RecordContent> {
        switch try entries.immediateEntry(for: question.key) {
        case .mustWait: .mustWait
        case .absent: .absent
        case .found(let entry): Lookup(content(of: entry, as: question, at: now))
        }
    }

    /// What the store holds for a question, or `nil`.
    func content(
        for question: Question,
        at now: Timestamp,
        within limit: Duration
    ) async throws -> RecordContent? {
        try await entries.entry(for: question.key, within: limit).flatMap {
            content(of: $0, as: question, at: now)
        }
    }

    /// Stores an answer, unless it comes too late or was removed after its question began.
    ///
    /// - Returns: how many live answers were dropped to make room.
    func keep(
        _ token: VerifiedToken,
        as question: Question,
        asked: Timestamp,
        until expiry: Timestamp
    ) async throws -> Int {
        let entry = CacheEntry(try value(of: token, as: question, until: expiry), expiry: expiry)
        return try await entries.keep(entry, for: question.key, asked: asked)
    }
}
