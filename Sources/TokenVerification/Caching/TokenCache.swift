public import CacheStores
import Logging
import Synchronization

/// Caches the answers of authorities about tokens, and asks each question once at a time.
///
/// A cache holds answers, never decisions: what a server requires of a token is checked on every call. Answers are
/// kept under a key that binds the token to the authority that was asked, so verifiers of different authorities
/// may share one cache or one store.
///
/// ```swift
/// let cache = try TokenCache(timeToLive: .seconds(300), capacity: 10_000)          // in this process
/// let shared = try TokenCache(
///     store: SQLiteStore(path: "cache.db"), timeToLive: .seconds(300), sealing: .secret(secret))
/// ```
///
/// A store that fails or hangs neither fails a login nor passes one: the authority is asked.
public final class TokenCache: Sendable {
    /// How long an answer is used after the question began, or `nil` if nothing is kept.
    public let timeToLive: Duration?

    package let clock: WallClock
    /// Measures spans of time within this process: a clock that cannot be set, unless a test injects one.
    let intervalClock: WallClock
    let options: TokenCacheOptions
    let store: any AnswerStore
    let meter: TokenCacheMeter
    let flights: SingleFlight
    let questions: QuestionQueue
    let refusals: MemoryStore<Refusal>?
    /// Tokens whose old answer is used for a while without a question; `nil` if old answers are never used.
    let postponements: MemoryStore<Postponement>?
    let acceptedKeys: AcceptedKeys
    /// Tokens about which an authority asks for a pause, and why.
    let limits: MemoryStore<VerificationError.Reason>
    let withdrawals = Withdrawals(capacity: TokenCache.rememberedKeys)
    /// Old answers that must not be used in an outage, since the authority has refused their tokens.
    ///
    /// They have a memory of their own: a flood of refusals overflows it, and must not put every other answer in doubt.
    let refusedAnswers = Withdrawals(capacity: TokenCache.rememberedKeys)
    /// The leases by which a fleet asks each question once; `nil` if each process asks for itself.
    let leasing: (any LeasingStore)?
    /// The marks by which subjects and clients are forgotten; `nil` if the option is off.
    let marks: RevocationMarks?
    let authorities = Mutex<[QuestionContext: KnownAuthority]>([:])
    let storeReads: StoreHealth
    let storeWrites: StoreHealth
    let overloadLine: RareLine
    let unknownTimeLine: RareLine
    private let timeToLiveMilliseconds: Int64
    /// How long a record is kept, its grace included.
    let lifeMilliseconds: Int64

    /// How many keys each of the cache's own memories holds: of withdrawn, postponed, accepted and limited ones.
    private static let rememberedKeys = 16_384

    private init(
        timeToLive: Duration?,
        isEnabled: Bool,
        options: TokenCacheOptions,
        store: (TokenCacheMeter, Withdrawals, SingleFlight) throws -> any AnswerStore
    ) throws {
        try options.validate(timeToLive: timeToLive)
        self.timeToLive = isEnabled && timeToLive != .zero ? timeToLive : nil
        timeToLiveMilliseconds = self.timeToLive?.wholeMilliseconds ?? 0
        let grace = options.staleGrace?.wholeMilliseconds ?? 0
        let life = timeToLiveMilliseconds.addingReportingOverflow(grace)
        lifeMilliseconds = life.overflow ? .max : life.partialValue
        self.options = options
        clock = options.clock
        let intervalClock = options.intervalClock
        self.intervalClock = intervalClock
        meter = TokenCacheMeter(factory: options.metricsFactory)
        storeReads = StoreHealth(.reading, options: options)
        storeWrites = StoreHealth(.writing, options: options)
        overloadLine = RareLine(
            .warning,
            "questions were turned away with 503: maximumQuestions are under way, or their half for unknown tokens",
            to: options.logger,
            clock: options.clock
        )
        unknownTimeLine = RareLine(
            .warning,
            "answers are not kept: the time of the token store's clock is not known, so removals can't be ordered",
            to: options.logger,
            clock: options.clock
        )
        flights = SingleFlight()
        self.store = try store(meter, withdrawals, flights)
        leasing = try Self.leasing(of: self.store, options)
        marks = try Self.marks(of: self.store, options)
        questions = QuestionQueue(
            limit: options.maximumQuestions,
            waitingLimit: options.maximumWaitingQuestions,
            patience: options.questionPatience
        )
        acceptedKeys = try AcceptedKeys(capacity: Self.rememberedKeys)
        limits = try MemoryStore(capacity: Self.rememberedKeys, clock: intervalClock)
        refusals = try options.refusalTimeToLive.map { _ in
            try MemoryStore(capacity: options.refusalCapacity, clock: intervalClock)
        }
        postponements =
            grace == 0 ? nil : try MemoryStore(capacity: Self.rememberedKeys, clock: intervalClock)
    }

    /// Keeps answers in this process.
    ///
    /// - Parameters:
    ///   - timeToLive: how long an answer is used; `nil` or zero to keep nothing.
    ///   - capacity: how many answers are kept at the most; 0 to keep nothing.
    ///   - options: further options.
    /// - Throws: ``ConfigurationError`` or `StoreError` for a negative number.
    public convenience init(
        timeToLive: Duration?,
        capacity: Int = 10_000,
        options: TokenCacheOptions = TokenCacheOptions()
    ) throws {
        try self.init(timeToLive: timeToLive, isEnabled: capacity != 0, options: options) { _, _, _ in
            MemoryAnswerStore(store: try MemoryStore(capacity: capacity, clock: options.clock))
        }
    }

    /// Keeps answers in a store of values, without encoding or sealing them.
    ///
    /// - Parameters:
    ///   - store: the store.
    ///   - timeToLive: how long an answer is used; `nil` or zero to keep nothing.
    ///   - options: what else can be chosen.
    /// - Throws: ``ConfigurationError`` for a negative number.
    public convenience init(
        store: any CacheStore<VerifiedToken>,
        timeToLive: Duration?,
        options: TokenCacheOptions = TokenCacheOptions()
    ) throws {
        try self.init(timeToLive: timeToLive, isEnabled: true, options: options) { _, withdrawals, _ in
            guard let memory = store as? MemoryStore<VerifiedToken> else {
                return ValueAnswerStore(store: store, withdrawals: withdrawals)
            }
            return MemoryAnswerStore(store: memory)
        }
    }

    /// Keeps answers as sealed records in a store of bytes, which several processes may share.
    ///
    /// - Parameters:
    ///   - store: the store.
    ///   - timeToLive: how long an answer is used; `nil` or zero to keep nothing.
    ///   - sealing: how the records are protected.
    ///   - near: how long this process may use its own copy of a record, such as five seconds for a store across a
    ///     network; `nil` or zero to ask the store each time. A token that another process forgot is accepted here
    ///     for this long, unless the store tells of changes.
    ///   - options: what else can be chosen.
    /// - Throws: ``ConfigurationError`` or `StoreError` for a negative number.
    public convenience init(
        store: any CacheStore<[UInt8]>,
        timeToLive: Duration?,
        sealing: Sealing,
        near: Duration? = nil,
        options: TokenCacheOptions = TokenCacheOptions()
    ) throws {
        if sealing.mode == .tokenOnly {
            options.logger.warning(
                "answers are sealed without a secret: any program that can write to the store can forge them"
            )
        }
        try self.init(timeToLive: timeToLive, isEnabled: true, options: options) {
            meter,
            withdrawals,
            flights in
            try SealedAnswerStore(
                store: store,
                sealing: sealing,
                nearLife: near,
                options: options,
                meter: meter,
                withdrawals: withdrawals,
                flights: flights
            )
        }
    }

    /// What the cache did so far.
    public var statistics: TokenCacheStatistics { TokenCacheStatistics(meter) }

    /// How many opened records are remembered.
    package var openedRecordCount: Int { store.openedRecordCount }

    /// Refuses new questions, ends the running ones, and shuts the store down if it was handed over.
    public func shutdown() async {
        await flights.shutdown()
        await store.shutdown(includingStore: options.shutsDownStore)
        await refusals?.shutdown()
        meter.report()
    }

    /// Registers an authority that a verifier will ask.
    ///
    /// - Parameters:
    ///   - context: the questions' context.
    ///   - kind: the authority's kind, for the log.
    ///   - deadline: the longest time that a question takes.
    /// - Returns: the authority's health.
    /// - Throws: ``ConfigurationError`` if a question may take longer than a store remembers a removal for.
    func register(
        _ context: QuestionContext,
        of kind: String,
        deadline: Duration
    ) throws(ConfigurationError) -> AuthorityHealth {
        guard deadline > .zero, deadline <= RemovalRule.longestQuestion else {
            throw ConfigurationError(
                "an authority's deadline must be greater than zero and at most \(RemovalRule.longestQuestion), not \(deadline)"
            )
        }
        return authorities.withLock { authorities in
            var authority =
                authorities[context]
                ?? KnownAuthority(health: AuthorityHealth(of: kind, options: options, limits: limits))
            authority.deadline = max(deadline, authority.deadline)
            authorities[context] = authority
            return authority.health
        }
    }

    /// Whether an answer is recent enough for this process, whichever process asked the question.
    func isFresh(_ token: VerifiedToken, at now: Timestamp) -> Bool {
        token.isUsable(forMilliseconds: timeToLiveMilliseconds, at: now)
    }
}
