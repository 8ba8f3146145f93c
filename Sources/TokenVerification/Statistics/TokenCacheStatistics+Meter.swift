extension TokenCacheStatistics {
    init(_ meter: TokenCacheMeter) {
        memoryHits = meter.total(.memoryHit)
        storeHits = meter.total(.storeHit)
        questions = meter.total(.question)
        sharedAnswers = meter.total(.sharedAnswer)
        acceptances = meter.total(.acceptance)
        refusals = meter.total(.refusal)
        refusalHits = meter.total(.refusalHit)
        failedQuestions = meter.total(.failedQuestion)
        overloads = meter.total(.overload)
        storeFailures = meter.total(.storeFailure)
        unreadableRecords = meter.total(.unreadableRecord)
        removals = meter.total(.removal)
        staleAnswers = meter.total(.staleAnswer)
        sparedQuestions = meter.total(.sparedQuestion)
        sparedStoreOperations = meter.total(.sparedStore)
        fleetAnswers = meter.total(.fleetAnswer)
        markedAnswers = meter.total(.markedAnswer)
        evictions = meter.total(.eviction)
        leases = meter.total(.lease)
        refreshes = meter.total(.refresh)
        refusedRefreshes = meter.total(.refusedRefresh)
        failedRefreshes = meter.total(.failedRefresh)
        unneededRefreshes = meter.total(.unneededRefresh)
        questionTimes = meter.questionTimes
    }
}
