import CacheStores

/// Answers in a memory store, which is called without waiting and as specialised code.
///
/// A class, so that a hit retains one reference, whatever the number of its properties.
final class MemoryAnswerStore: AnswerStore {
    let store: MemoryStore<VerifiedToken>
    private let commonParts = CommonParts()

    init(store: MemoryStore<VerifiedToken>) {
        self.store = store
    }

    var nearSource: Verification.Source { .store }

    var answersAtOnce: Bool { true }

    var now: Timestamp? { store.now }

    func ability<Ability>(_ ability: Ability.Type) -> Ability? { store.ability(ability) }

    func nearAnswer(for key: CacheKey, at now: Timestamp) -> VerifiedToken? {
        try? store.entry(for: key, at: now)?.value
    }

    func immediateAnswer(to question: Question, at now: Timestamp) throws -> VerifiedToken?? {
        .some(try store.entry(for: question.key, at: now)?.value)
    }

    func answer(
        to question: Question,
        at now: Timestamp,
        within limit: Duration
    ) async throws -> VerifiedToken? {
        try store.entry(for: question.key, at: now)?.value
    }

    func keep(
        _ token: VerifiedToken,
        as question: Question,
        asked: Timestamp,
        until expiry: Timestamp
    ) async throws -> Int {
        let entry = CacheEntry(commonParts.share(with: token), expiry: expiry)
        return try await store.keep(entry, for: question.key, asked: asked)
    }

    func dropNear(_ key: CacheKey) {}

    func dropEverythingNear() {}

    func remove(_ key: CacheKey) async throws {
        try await store.removeEntry(for: key, holding: RemovalRule.hold)
    }

    func removeAll() async throws {
        try await store.removeAll(holding: RemovalRule.hold)
    }

    func shutdown(includingStore: Bool) async {
        if includingStore { await store.shutdown() }
    }
}
