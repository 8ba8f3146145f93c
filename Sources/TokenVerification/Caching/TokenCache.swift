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
/// If the store fails or hangs, the authority is asked. The exception: while revocation marks can't be read, signed
/// tokens are `unavailable` (``TokenCacheOptions/Revocation/acceptsUncheckedTokens``).
public final class TokenCache: Sendable {
    /// How long an answer is used after the question began, or `nil` if nothing is kept.
    public let timeToLive: Duration?

    package let clock: WallClock
    let options: TokenCacheOptions
    let times: CallTimes
    let answers: StoredAnswers
    let meter: TokenCacheMeter
    let flights: SingleFlight
    /// Tokens that were refused a moment ago, and why.
    let refusals: KeyMemory<VerificationError.Reason>?
    /// Tokens whose old answer is used for a while without a question; `nil` if old answers are never used.
    let postponements: KeyMemory<Void>?
    /// Tokens about which an authority asks for a pause, and why.
    let limits: KeyMemory<VerificationError.Reason>
    /// Asks about tokens in use before their answers expire; `nil` if answers are not refreshed.
    let refresher: RefreshAhead?
    /// The leases by which a fleet asks each question once; `nil` if each process asks for itself.
    let fleet: FleetLeases?
    /// The authorities that verifiers of this cache ask.
    let authorities = Mutex<[QuestionContext: KnownAuthority]>([:])
    let shared: GuardedAuthority.Shared

    /// How many keys each of the cache's own memories holds: of withdrawn, postponed, accepted and limited ones.
    private static let rememberedKeys = 16_384

    private init(
        timeToLive: Duration?,
        isEnabled: Bool = true,
        options: TokenCacheOptions,
        store: (TokenCacheMeter) throws -> any AnswerStore
    ) throws {
        try options.validate(timeToLive: timeToLive)
        self.timeToLive = isEnabled && timeToLive != .zero ? timeToLive : nil
        self.options = options
        clock = options.clock
        let meter = TokenCacheMeter(factory: options.metricsFactory)
        times = CallTimes(options)
        self.meter = meter
        let flights = SingleFlight()
        self.flights = flights
        let store = try store(meter)
        let answers = try StoredAnswers(
            in: store,
            isEnabled: self.timeToLive != nil,
            rules: AnswerRules(
                timeToLive: self.timeToLive,
                grace: options.stale.grace,
                jitter: options.lifeJitter,
                capacity: Self.rememberedKeys
            ),
            options: options,
            meter: meter
        ) { key in
            // A flight may have begun before the change: no later caller joins it.
            if let key { flights.closeFlight(for: key) } else { flights.closeFlights() }
        }
        self.answers = answers
        let leasing = store.store.ability((any LeasingStore).self)
        refresher = try RefreshAhead(of: answers, leasing, options)
        fleet = try FleetLeases(of: store, answers.access, options)
        let clock = options.clock.intervals
        limits = try KeyMemory(capacity: Self.rememberedKeys, clock: clock)
        refusals = try options.refusals.timeToLive.map { _ in
            try KeyMemory(capacity: options.refusals.capacity, clock: clock)
        }
        let hasGrace = (options.stale.grace?.millisecondsTowardZero ?? 0) != 0
        postponements = hasGrace ? try KeyMemory(capacity: Self.rememberedKeys, clock: clock) : nil
        shared = GuardedAuthority.Shared(
            clock: options.clock,
            queue: QuestionQueue(
                limit: options.questions.maximum,
                waitingLimit: options.questions.maximumWaiting,
                waitLimit: options.questions.waitLimit
            ),
            overloadLine: RareLine(
                .warning,
                "questions were refused with 503: no place in time (questions.maximum, questions.maximumWaiting, questions.waitLimit); half of the places is reserved for known tokens",
                to: options.logger,
                clock: options.clock.intervals
            ),
            meter: meter,
            acceptedKeys: try KeyMemory(capacity: Self.rememberedKeys, clock: clock),
            storeTime: { answers.storeTime }
        )
    }

    /// Keeps answers in this process.
    ///
    /// - Parameters:
    ///   - timeToLive: how long an answer is used; `nil` or zero to keep nothing.
    ///   - capacity: how many answers are kept at the most; 0 to keep nothing.
    ///   - options: further options.
    /// - Throws: ``ConfigurationError`` for a value that is out of its range; the message names it.
    public convenience init(
        timeToLive: Duration?,
        capacity: Int = 10_000,
        options: TokenCacheOptions = TokenCacheOptions()
    ) throws {
        try TokenCacheOptions.validate(capacity, in: 0...TokenCacheOptions.largestCapacity, as: "capacity")
        try self.init(timeToLive: timeToLive, isEnabled: capacity != 0, options: options) { _ in
            ValueAnswerStore(try MemoryStore(capacity: capacity, clock: options.clock))
        }
    }

    /// Keeps answers in a store of values, without encoding or sealing them.
    ///
    /// - Parameters:
    ///   - store: the store.
    ///   - timeToLive: how long an answer is used; `nil` or zero to keep nothing.
    ///   - options: what else can be chosen.
    /// - Throws: ``ConfigurationError`` for a value that is out of its range, or an option that needs more than the
    ///   store can do (`LeasingStore`, `MarkingStore`); the message names it.
    public convenience init(
        store: any CacheStore<VerifiedToken>,
        timeToLive: Duration?,
        options: TokenCacheOptions = TokenCacheOptions()
    ) throws {
        try self.init(timeToLive: timeToLive, options: options) { _ in ValueAnswerStore(store) }
    }

    /// Keeps answers as sealed records in a store of bytes, which several processes may share.
    ///
    /// - Parameters:
    ///   - store: the store.
    ///   - timeToLive: how long an answer is used; `nil` or zero to keep nothing.
    ///   - sealing: how the records are protected.
    ///   - options: what else can be chosen.
    /// - Throws: ``ConfigurationError`` for a value that is out of its range, or an option that needs more than the
    ///   store can do (`LeasingStore`, `MarkingStore`); the message names it.
    public convenience init(
        store: any CacheStore<[UInt8]>,
        timeToLive: Duration?,
        sealing: Sealing,
        options: TokenCacheOptions = TokenCacheOptions()
    ) throws {
        if sealing.mode == .tokenOnly {
            options.logger.warning(
                "answers are sealed without a secret: any program that can write to the store can forge them"
            )
        }
        try self.init(timeToLive: timeToLive, options: options) { meter in
            SealedAnswerStore(store, sealing: sealing, options: options, meter: meter)
        }
    }

    /// What the cache did so far.
    public var statistics: TokenCacheStatistics { TokenCacheStatistics(meter) }

    /// How many opened records are remembered.
    package var openedRecordCount: Int { answers.openedRecordCount }

    /// Refuses new questions, ends the running ones, and shuts the store down if
    /// ``TokenCacheOptions/Store/isShutDownWithCache`` is set.
    public func shutdown() async {
        await flights.shutdown()
        await refresher?.shutdown()
        await answers.shutdown(includingStore: options.store.isShutDownWithCache)
        meter.report()
    }

    /// Registers an authority that a verifier will ask.
    ///
    /// - Throws: ``ConfigurationError`` if a question may take longer than a store remembers a removal for.
    func register(
        _ authority: some TokenAuthority,
        _ context: QuestionContext
    ) throws(ConfigurationError) -> GuardedAuthority {
        let deadline = authority.deadline
        guard deadline > .zero, deadline <= RemovalRule.longestQuestion else {
            throw ConfigurationError(
                "an authority's deadline must be greater than zero and at most \(RemovalRule.longestQuestion), not \(deadline)"
            )
        }
        let identity = authority.identity
        let markRule = MarkRule(authority, context)
        if let records = answers.sharedRecords {
            (authority as? any SharingAuthority)?.share(through: records)
        }
        return authorities.withLock { authorities in
            var known =
                authorities[context] ?? KnownAuthority(identity: identity, markScope: markRule.scope)
            let health =
                known.current?.health ?? AuthorityHealth(of: identity.kind, options: options, limits: limits)
            let guarded = GuardedAuthority(authority, markRule, health: health, shared: shared)
            known.add(guarded)
            if markRule.signed != nil {
                for other in authorities.keys where authorities[other]?.markScope == markRule.scope {
                    authorities[other]?.newestRule = nil
                }
                known.newestRule = markRule
            }
            authorities[context] = known
            return guarded
        }
    }

    /// The answer to a question that memory does not answer: the store's, else that of a flight.
    func answer(to question: Question) async throws(VerificationError) -> Verification {
        if Task.isCancelled { throw VerificationError(.cancelled) }
        let isKept = timeToLive != nil
        if isKept, answers.memory == nil || answers.marks != nil,
            case .fresh(let token) = await answers.lookUp(question)
        {
            return hit(token, for: question.key)
        }
        if Task.isCancelled { throw VerificationError(.cancelled) }
        try checkRefusals(question.key)
        // Where nothing is kept, each caller asks for itself.
        let (answer, isShared) = try await flights.answer(for: question.key, isJoinable: isKept) { flight in
            let inquiry = Inquiry(question: question, flight: flight, cache: self)
            do throws(VerificationError) {
                return .success(try await isKept ? inquiry.answer() : inquiry.uncachedAnswer())
            } catch {
                // Only `shutdown()` cancels a flight.
                return .failure(Task.isCancelled ? VerificationError(.shutDown) : error)
            }
        }
        guard isShared else { return answer }
        meter.count(.sharedAnswer)
        // That an answer is old matters more than which caller asked for it.
        return answer.source == .stale ? answer : Verification(token: answer.token, source: .sharedFlight)
    }

    /// An answer that was found in the store.
    func hit(_ token: VerifiedToken, for key: CacheKey) -> Verification {
        let isInMemory = answers.memory != nil
        meter.countHit(isInMemory ? .memoryHit : .storeHit, for: key)
        shared.acceptedKeys.insert(key)
        return Verification(token: token, source: isInMemory ? .memory : .store)
    }

    func checkRefusals(_ key: CacheKey) throws(VerificationError) {
        guard let refusal = refusals?.value(for: key) else { return }
        meter.count(.refusalHit)
        throw VerificationError(refusal.value)
    }

    /// Remembers a refusal, unless the token was forgotten after its question began.
    func remember(_ reason: VerificationError.Reason, of key: CacheKey, begun start: Timestamp) {
        guard let refusals, let life = options.refusals.timeToLive else { return }
        refusals.insert(reason, for: key, lasting: life)
        // Afterwards: forgetting withdraws first and removes then, so one of the two finds the other.
        if answers.rules.withdrawals.covers(key, verifiedAt: start) { refusals.remove(key) }
    }
}
