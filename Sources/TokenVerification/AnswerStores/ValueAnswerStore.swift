import CacheStores

/// Answers as they are, in a store of values.
struct ValueAnswerStore: AnswerStore {
    let entries: any CacheStore<VerifiedToken>
    private let commonParts = CommonParts()

    init(_ store: any CacheStore<VerifiedToken>) {
        entries = store
    }

    var sealing: Sealing { .off }

    var openedRecords: OpenedRecords? { nil }

    func value(of token: VerifiedToken, as question: Question, until expiry: Timestamp) -> VerifiedToken {
        commonParts.share(with: token)
    }

    func content(
        of entry: CacheEntry<VerifiedToken>,
        as question: Question,
        at now: Timestamp
    ) -> RecordContent? {
        RecordContent(token: entry.value, expiry: entry.expiry)
    }
}
