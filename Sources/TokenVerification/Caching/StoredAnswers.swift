import CacheStores
import CacheStoresWaiting
import Logging

/// The answers that a cache's store holds, and the copies that this process keeps of them.
///
/// A near copy comes from a read, never from a write: the store may refuse a write because another process forgot the
/// token. ``AnswerRules`` and ``RevocationMarks`` decide which answers are used.
final class StoredAnswers: Sendable {
    let clock: WallClock
    let rules: AnswerRules
    let access: StoreAccess
    /// The marks by which tokens are revoked; `nil` if the option is off.
    let marks: RevocationMarks?
    /// What the processes that use the store share besides answers; `nil` where a writer to the store could forge it.
    let sharedRecords: SharedRecords?
    /// The store, if it is in this process and finds everything without waiting.
    let memory: MemoryStore<VerifiedToken>?
    private let near: NearTier<VerifiedToken>?
    private let answers: any AnswerStore
    private let listener: InvalidationListener?
    private let storeDeadline: Duration
    private let unknownTimeLine: RareLine
    private let meter: TokenCacheMeter

    /// - Parameters:
    ///   - answers: the store.
    ///   - isEnabled: whether anything is kept.
    ///   - rules: what an answer must pass.
    ///   - options: the cache's.
    ///   - meter: counts what happens.
    ///   - noteChange: called with each key that another process changed; with `nil` if any may have changed.
    /// - Throws: ``ConfigurationError``, or `StoreError` for a negative number.
    init(
        in answers: any AnswerStore,
        isEnabled: Bool,
        rules: AnswerRules,
        options: TokenCacheOptions,
        meter: TokenCacheMeter,
        noteChange: @escaping @Sendable (CacheKey?) -> Void
    ) throws {
        self.answers = answers
        self.rules = rules
        self.meter = meter
        clock = options.clock
        storeDeadline = options.store.deadline
        let memory = answers.store as? MemoryStore<VerifiedToken>
        self.memory = isEnabled ? memory : nil
        access = StoreAccess(options: options, needsDeadline: memory == nil, meter: meter)
        marks = try RevocationMarks(of: answers, options)
        sharedRecords = SharedRecords(in: answers, access)
        unknownTimeLine = RareLine(
            .warning,
            "answers are not kept: the time of the token store's clock is not known yet (no connection so far), so removals can't be ordered",
            to: options.logger,
            clock: options.clock.intervals
        )
        guard memory == nil, let life = options.near.life, life != .zero else {
            (near, listener) = (nil, nil)
            return
        }
        let channel = answers.store.ability((any InvalidatingStore).self)
        let near = try NearTier<VerifiedToken>(
            life: life,
            capacity: options.near.capacity,
            hasNotices: channel != nil
        )
        self.near = near
        listener = channel.map { InvalidationListener(to: $0, keeping: near, noteChange: noteChange) }
    }

    /// The store's clock as this process knows it; `nil` while it is not known.
    var storeTime: Timestamp? { answers.store.now }

    var openedRecordCount: Int { answers.openedRecords?.count ?? 0 }

    /// An answer that is available without waiting, and may be used.
    func answerInMemory(
        for key: CacheKey,
        of authority: GuardedAuthority,
        at now: Timestamp
    ) -> Verification? {
        let entry =
            if let memory { try? memory.entry(for: key, at: now) } else { near?.entry(for: key, at: now) }
        guard let token = entry?.value, rules.isFresh(token, under: key, at: now) else { return nil }
        if let marks, marks.nearState(of: token, under: key, by: authority.markRule) != .clear { return nil }
        meter.countHit(.memoryHit, for: key)
        return Verification(token: token, source: .memory)
    }

    /// The store's answer; `unknown` if the store fails, takes too long, or its breaker is open.
    func lookUp(_ question: Question) async -> StoredAnswer {
        guard access.allows(access.reads, for: question) else { return .unknown }
        var now = clock.now
        let fill = near?.beginFill(for: question.key)
        let content: RecordContent?
        // An immediate look-up needs no deadline. If it fails, the store is asked in the ordinary way.
        switch (try? answers.immediateContent(for: question, at: now)) ?? .mustWait {
        case .found(let found):
            access.reads.noteSuccess()
            content = found
        case .absent:
            access.reads.noteSuccess()
            content = nil
        case .mustWait:
            let found = await access.tolerating(access.reads, for: question) { [now] in
                let limit = min(storeDeadline, question.deadline.remaining)
                return try await answers.content(for: question, at: now, within: limit)
            }
            guard let found else { return .unknown }
            content = found
            // The store may have taken its time.
            now = clock.now
        }
        guard let content, rules.allow(content, under: question.key, at: now) else {
            answers.openedRecords?.forget(question.key)
            return .none
        }
        if let near, let fill {
            // After the check of withdrawals: a later one makes the fill invalid.
            let copy = CacheEntry(content.token, expiry: content.expiry)
            near.fill(copy, for: question.key, with: fill, at: now)
        }
        switch await revocationState(of: content.token, as: question) {
        case .clear:
            let isFresh = rules.isFresh(content.token, under: question.key, at: clock.now)
            return isFresh ? .fresh(content.token) : .stale(content.token)
        case .superseded, .refused: return .none
        case .unknown: return .unknown
        }
    }

    /// Whether an answer counts, given its marks; `clear` where no marks are used.
    func revocationState(of token: VerifiedToken, as question: Question) async -> RevocationState {
        guard let marks else { return .clear }
        let state = await marks.state(of: token, as: question, at: clock.now, access)
        if state != .clear { meter.count(.markedAnswer) }
        return state
    }

    /// Keeps an answer; after a failure the authority is asked again later.
    ///
    /// - Parameters:
    ///   - token: the answer.
    ///   - question: what it answers.
    ///   - asked: when the authority was asked, by the store's clock; `nil` if that time was not known. Then nothing is
    ///     kept, since the store could not tell whether the token was forgotten later.
    func keep(_ token: VerifiedToken, as question: Question, asked: Timestamp?) async {
        guard let asked else {
            unknownTimeLine.write()
            return
        }
        let now = clock.now
        let expiry = min(
            now.advanced(byMilliseconds: rules.life(under: question.key)),
            token.expiry ?? .distantFuture
        )
        guard now < expiry else { return }
        let evicted = await access.attempt(access.writes, for: question) { [answers, near] in
            near?.beginWrite(question.key)
            defer { near?.invalidate(question.key) }
            return try await answers.keep(token, as: question, asked: asked, until: expiry)
        }
        if let evicted, evicted > 0 { meter.count(.eviction, times: evicted) }
    }

    /// Removes the answer about a token that the authority now refuses, even if the store's breaker is open.
    ///
    /// The removal also stops an older answer that another process is about to write.
    ///
    /// - Returns: whether the store has confirmed it.
    @discardableResult
    func dropRefused(_ question: Question) async -> Bool {
        dropNear(question.key)
        return await access.insist(access.writes, for: question) { try await self.remove(question.key) }
    }

    /// Drops what this process keeps of an answer: its near copy, a copy that is being fetched, and its opened record.
    func dropNear(_ key: CacheKey) {
        near?.invalidate(key)
        answers.openedRecords?.forget(key)
    }

    /// Removes an answer; an answer to a question that began before the removal is not stored later.
    func remove(_ key: CacheKey) async throws {
        dropNear(key)
        defer { dropNear(key) }
        try await answers.store.removeEntry(for: key, holding: RemovalRule.hold)
    }

    /// Drops all near copies.
    func dropEverythingNear() {
        near?.invalidateEverything()
        answers.openedRecords?.forgetAll()
    }

    /// Removes every answer; an answer to a question that began before the removal is not stored later.
    func removeAll() async throws {
        dropEverythingNear()
        defer { dropEverythingNear() }
        try await answers.store.removeAll(holding: RemovalRule.hold)
    }

    func shutdown(includingStore: Bool) async {
        await listener?.stop()
        await marks?.stop()
        near?.close()
        answers.openedRecords?.close()
        if includingStore { await answers.store.shutdown() }
    }
}
