import CacheStores
import Logging

/// Answers as sealed records, in a store of bytes.
struct SealedAnswerStore: AnswerStore {
    let entries: any CacheStore<[UInt8]>
    let openedRecords: OpenedRecords?
    private let sealer: RecordSealer
    private let unreadableRecord: RareLine
    private let meter: TokenCacheMeter

    init(
        _ store: any CacheStore<[UInt8]>,
        sealing: Sealing,
        options: TokenCacheOptions,
        meter: TokenCacheMeter
    ) {
        entries = store
        openedRecords = OpenedRecords(capacity: options.store.openedRecordCapacity)
        sealer = RecordSealer(sealing: sealing)
        unreadableRecord = RareLine(
            .warning,
            "a stored answer does not open: it was sealed with another mode or secret, or was changed",
            to: options.logger,
            clock: options.clock.intervals
        )
        self.meter = meter
    }

    var sealing: Sealing { sealer.sealing }

    func value(of token: VerifiedToken, as question: Question, until expiry: Timestamp) throws -> [UInt8] {
        try sealer.seal(token, as: question, until: expiry)
    }

    func content(
        of entry: CacheEntry<[UInt8]>,
        as question: Question,
        at now: Timestamp
    ) -> RecordContent? {
        let record = entry.value
        let content = openedRecords?.content(of: record, under: question.key, at: now) {
            sealer.open(record, as: question)
        }
        if content == nil {
            meter.count(.unreadableRecord)
            if RecordSealer.isCurrent(record) { unreadableRecord.write() }
        }
        return content
    }
}
