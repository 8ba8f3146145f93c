import CacheStores

/// Answers in a memory store, which is asked without waiting and without leaving specialised code.
///
/// A class, so that a hit counts one reference however much is kept here.
final class MemoryAnswerStore: AnswerStore {
    let store: MemoryStore<VerifiedToken>
    private let commonParts = CommonParts()

    init(store: MemoryStore<VerifiedToken>) {
        self.store = store
    }

    var nearSource: Verification.Source { .store }

    var answersAtOnce: Bool { true }

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

    func keep(_ token: VerifiedToken, as question: Question, until expiry: Timestamp) async throws {
        let entry = CacheEntry(commonParts.share(with: token), expiry: expiry)
        try await store.setEntry(entry, for: question.key)
    }

    func dropNear(_ key: CacheKey) {}

    func dropEverythingNear() {}

    func remove(_ key: CacheKey, holding hold: Duration) async throws {
        try await store.removeEntry(for: key, holding: hold)
    }

    func removeAll(holding hold: Duration) async throws {
        try await store.removeAll(holding: hold)
    }

    func shutdown(includingStore: Bool) async {
        if includingStore { await store.shutdown() }
    }
}
