/// Counts of a cache's events since it was made.
public struct TokenCacheStatistics: Sendable, Hashable {
    /// By the event's raw value.
    private let counts: [Int]

    /// Answers from this process's memory: from a store that lies there, or from copies of a shared store's entries.
    public var memoryHits: Int { self[.memoryHit] }
    /// Answers from the store.
    public var storeHits: Int { self[.storeHit] }
    /// Questions to an authority.
    public var questions: Int { self[.question] }
    /// Calls that were answered by another call's question.
    public var sharedAnswers: Int { self[.sharedAnswer] }
    /// Questions that the authority answered with "active".
    public var acceptances: Int { self[.acceptance] }
    /// Questions that the authority answered with "not active".
    public var refusals: Int { self[.refusal] }
    /// Calls that were answered by a remembered refusal.
    public var refusalHits: Int { self[.refusalHit] }
    /// Questions that brought no answer.
    public var failedQuestions: Int { self[.failedQuestion] }
    /// Questions that were turned away because too many were under way.
    public var overloads: Int { self[.overload] }
    /// Operations of the store that failed or took too long.
    public var storeFailures: Int { self[.storeFailure] }
    /// Records that did not open: sealed with another secret, by another release, or tampered with.
    public var unreadableRecords: Int { self[.unreadableRecord] }
    /// Tokens, or everything, that were forgotten.
    public var removals: Int { self[.removal] }
    /// Old answers that were used because the authority was unavailable.
    public var staleAnswers: Int { self[.staleAnswer] }
    /// Questions that were not asked, because the authority was failing or had asked for a pause.
    public var sparedQuestions: Int { self[.sparedQuestion] }
    /// Operations of the store that were left out, because it was failing.
    public var sparedStoreOperations: Int { self[.sparedStore] }
    /// Answers that another process of the fleet brought while this one waited for it.
    public var fleetAnswers: Int { self[.fleetAnswer] }
    /// Answers that did not count, because all tokens of their subject or client were forgotten, or might be.
    public var markedAnswers: Int { self[.markedAnswer] }
    /// Live answers that the store dropped to make room for this process's.
    public var evictions: Int { self[.eviction] }
    /// Leases that this process took, to ask for its fleet.
    public var leases: Int { self[.lease] }
    /// Answers in use for which the authority was asked ahead, and which it confirmed.
    public var refreshes: Int { self[.refresh] }
    /// Answers in use that ended since the authority, asked ahead, refused their tokens.
    public var refusedRefreshes: Int { self[.refusedRefresh] }
    /// Answers in use for which the authority was to be asked ahead, but gave no answer or was not asked in an outage.
    public var failedRefreshes: Int { self[.failedRefresh] }
    /// Answers in use for which the authority was not asked ahead, since another process did that or the answer was gone.
    public var unneededRefreshes: Int { self[.unneededRefresh] }
    /// How long the authorities took for the questions of this process, failed ones included.
    public let questionTimes: DurationHistogram

    init(_ meter: TokenCacheMeter) {
        counts = TokenCacheMeter.Event.allCases.map(meter.total)
        questionTimes = meter.questionTimes
    }

    private subscript(event: TokenCacheMeter.Event) -> Int { counts[event.rawValue] }
}
