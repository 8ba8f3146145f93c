import CacheStores
import Logging

/// Answers as sealed records in a store of bytes; opened ones are kept in the near memory and among the opened records.
///
/// A near copy comes from a read, never from a write: the store may refuse a write because another process forgot the
/// token.
struct SealedAnswerStore: AnswerStore {
    let store: any CacheStore<[UInt8]>
    private let immediate: (any ImmediateStore<[UInt8]>)?
    private let punctual: (any PunctualStore<[UInt8]>)?
    let sealer: RecordSealer
    private let openedRecords: OpenedRecords
    private let unreadableRecord: RareLine
    let near: NearMemory<VerifiedToken>?
    let listener: InvalidationListener?
    let meter: TokenCacheMeter
    let withdrawals: Withdrawals

    init(
        store: any CacheStore<[UInt8]>,
        sealing: Sealing,
        nearLife: Duration?,
        options: TokenCacheOptions,
        meter: TokenCacheMeter,
        withdrawals: Withdrawals,
        flights: SingleFlight
    ) throws(StoreError) {
        self.store = store
        self.withdrawals = withdrawals
        immediate = store as? any ImmediateStore<[UInt8]>
        punctual = store as? any PunctualStore<[UInt8]>
        self.meter = meter
        sealer = RecordSealer(sealing: sealing)
        openedRecords = OpenedRecords(capacity: options.openedRecordCapacity)
        unreadableRecord = RareLine(
            .warning,
            "a stored answer of this format does not open: another process has another sealing or other secrets",
            to: options.logger,
            clock: options.clock
        )
        guard let nearLife, nearLife != .zero else {
            (near, listener) = (nil, nil)
            return
        }
        let channel = store.ability((any InvalidatingStore).self)
        let near = try NearMemory<VerifiedToken>(
            life: nearLife,
            capacity: options.nearCapacity,
            hasNotices: channel != nil
        )
        self.near = near
        // A flight may have begun before the change: no later caller joins it.
        listener = channel.map {
            InvalidationListener(to: $0, keeping: near) { [flights] key in
                if let key { flights.closeBoarding(for: key) } else { flights.closeBoarding() }
            }
        }
    }

    var nearSource: Verification.Source { .near }

    var answersAtOnce: Bool { false }

    var now: Timestamp? { store.now }

    var openedRecordCount: Int { openedRecords.count }

    var markSecrets: [SealingSecret] {
        sealer.sealing.secrets.isEmpty ? [.absent] : sealer.sealing.secrets
    }

    func ability<Ability>(_ ability: Ability.Type) -> Ability? { store.ability(ability) }

    func nearAnswer(for key: CacheKey, at now: Timestamp) -> VerifiedToken? {
        near?.entry(for: key, at: now)?.value
    }

    func immediateAnswer(to question: Question, at now: Timestamp) throws -> VerifiedToken?? {
        guard let immediate else { return nil }
        let ticket = near?.beginFill(for: question.key)
        guard let entry = try immediate.immediateEntry(for: question.key) else { return nil }
        return .some(open(entry, as: question, filling: ticket, at: now))
    }

    func answer(
        to question: Question,
        at now: Timestamp,
        within limit: Duration
    ) async throws -> VerifiedToken? {
        let ticket = near?.beginFill(for: question.key)
        let entry = try await entry(for: question.key, within: limit)
        return open(entry, as: question, filling: ticket, at: now)
    }

    private func entry(for key: CacheKey, within limit: Duration) async throws -> CacheEntry<[UInt8]>? {
        if let punctual { return try await punctual.entry(for: key, within: limit) }
        return try await withDeadline(limit) { [store] in try await store.entry(for: key) }
    }

    private func open(
        _ entry: CacheEntry<[UInt8]>?,
        as question: Question,
        filling ticket: NearMemory<VerifiedToken>.Ticket?,
        at now: Timestamp
    ) -> VerifiedToken? {
        guard let entry, let content = usableContent(of: entry.value, as: question, at: now) else {
            openedRecords.forget(question.key)
            return nil
        }
        if let near, let ticket {
            let copy = CacheEntry(content.token, expiry: content.expiry)
            near.fill(copy, for: question.key, with: ticket, at: now)
        }
        return content.token
    }

    private func usableContent(
        of record: [UInt8],
        as question: Question,
        at now: Timestamp
    ) -> RecordContent? {
        let content = openedRecords.content(of: record, under: question.key, at: now) {
            sealer.open(record, as: question)
        }
        guard let content else {
            meter.count(.unreadableRecord)
            if RecordSealer.isCurrent(record) { unreadableRecord.write() }
            return nil
        }
        // The store's expiry is not authenticated; the record's is.
        guard now < content.expiry else { return nil }
        // Before the near copy is made: a later withdrawal makes the fill's ticket invalid.
        return withdrawals.cover(question.key, verifiedAt: content.token.verifiedAt) ? nil : content
    }

    func keep(
        _ token: VerifiedToken,
        as question: Question,
        asked: Timestamp,
        until expiry: Timestamp
    ) async throws -> Int {
        let record = try sealer.seal(token, as: question, until: expiry)
        near?.beginWrite(question.key)
        defer { near?.invalidate(question.key) }
        return try await store.keep(CacheEntry(record, expiry: expiry), for: question.key, asked: asked)
    }

    func dropNear(_ key: CacheKey) {
        near?.invalidate(key)
        openedRecords.forget(key)
    }

    func dropEverythingNear() {
        near?.invalidateEverything()
        openedRecords.forgetAll()
    }

    func remove(_ key: CacheKey) async throws {
        dropNear(key)
        defer { dropNear(key) }
        try await store.removeEntry(for: key, holding: RemovalRule.hold)
    }

    func removeAll() async throws {
        dropEverythingNear()
        defer { dropEverythingNear() }
        try await store.removeAll(holding: RemovalRule.hold)
    }

    func shutdown(includingStore: Bool) async {
        await listener?.stop()
        near?.close()
        openedRecords.close()
        if includingStore { await store.shutdown() }
    }
}
