import CacheStores

/// Answers in any store of values.
struct ValueAnswerStore: AnswerStore {
    let store: any CacheStore<VerifiedToken>
    let withdrawals: Withdrawals

    var nearSource: Verification.Source { .store }

    var answersAtOnce: Bool { false }

    var now: Timestamp? { store.now }

    func ability<Ability>(_ ability: Ability.Type) -> Ability? { store.ability(ability) }

    func nearAnswer(for key: CacheKey, at now: Timestamp) -> VerifiedToken? { nil }

    func immediateAnswer(to question: Question, at now: Timestamp) throws -> VerifiedToken?? { nil }

    func answer(
        to question: Question,
        at now: Timestamp,
        within limit: Duration
    ) async throws -> VerifiedToken? {
        let entry = try await withDeadline(limit) { [store] in try await store.entry(for: question.key) }
        guard let token = entry?.value else { return nil }
        return withdrawals.cover(question.key, verifiedAt: token.verifiedAt) ? nil : token
    }

    func keep(
        _ token: VerifiedToken,
        as question: Question,
        asked: Timestamp,
        until expiry: Timestamp
    ) async throws -> Int {
        try await store.keep(CacheEntry(token, expiry: expiry), for: question.key, asked: asked)
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
