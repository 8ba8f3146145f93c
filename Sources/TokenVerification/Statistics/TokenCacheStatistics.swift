/// Counts of a cache's events since it was made.
public struct TokenCacheStatistics: Sendable, Hashable {
    /// Answers from this process's memory: from a store that lies there, or from copies of a shared store's entries.
    public var memoryHits = 0
    /// Answers from the store.
    public var storeHits = 0
    /// Questions to an authority.
    public var questions = 0
    /// Calls that were answered by another call's question.
    public var sharedAnswers = 0
    /// Questions that the authority answered with "active".
    public var acceptances = 0
    /// Questions that the authority answered with "not active".
    public var refusals = 0
    /// Calls that were answered by a remembered refusal.
    public var refusalHits = 0
    /// Questions that brought no answer.
    public var failedQuestions = 0
    /// Questions that were turned away because too many were under way.
    public var overloads = 0
    /// Operations of the store that failed or took too long.
    public var storeFailures = 0
    /// Records that did not open: sealed with another secret, by another release, or tampered with.
    public var unreadableRecords = 0
    /// Tokens, or everything, that were forgotten.
    public var removals = 0
    /// Old answers that were used because the authority was unavailable.
    public var staleAnswers = 0
    /// Questions that were not asked, because the authority was failing or had asked for a pause.
    public var sparedQuestions = 0
    /// Operations of the store that were left out, because it was failing.
    public var sparedStoreOperations = 0
    /// Answers that another process of the fleet brought while this one waited for it.
    public var fleetAnswers = 0
    /// Answers that did not count, because all tokens of their subject or client were forgotten, or might be.
    public var markedAnswers = 0
    /// Live answers that the store dropped to make room for this process's.
    public var evictions = 0
    /// Leases that this process took, to ask for its fleet.
    public var leases = 0
    /// Answers in use for which the authority was asked ahead, and which it confirmed.
    public var refreshes = 0
    /// Answers in use that ended since the authority, asked ahead, refused their tokens.
    public var refusedRefreshes = 0
    /// Answers in use for which the authority was to be asked ahead, but gave no answer or was not asked in an outage.
    public var failedRefreshes = 0
    /// Answers in use for which the authority was not asked ahead, since another process did that or the answer was gone.
    public var unneededRefreshes = 0
    /// How long the authorities took for the questions of this process, failed ones included.
    public var questionTimes = DurationHistogram()
}
