extension TokenCacheOptions {
    /// Refuses numbers that make no sense.
    func validate(timeToLive: Duration?) throws(ConfigurationError) {
        let durations = [
            ("time to live", timeToLive),
            ("refusal time to live", refusalTimeToLive),
            ("store deadline", storeDeadline),
            ("removal deadline", removalDeadline),
            ("patience of questions", questionPatience),
            ("stale grace", staleGrace),
            ("stale retry interval", staleRetryInterval),
            ("breaker's pause", breakerPause),
            ("lease time", leaseTime),
            ("maximum of Retry-After", maximumRetryAfter),
        ]
        for case (let name, let duration?) in durations where duration < .zero {
            throw ConfigurationError("the \(name) must not be negative, but is \(duration)")
        }
        if maximumRetryAfter > RetryAfter.maximum {
            throw ConfigurationError(
                "maximumRetryAfter must be from 0 to \(RetryAfter.maximum), not \(maximumRetryAfter)"
            )
        }
        guard (.zero ... .seconds(60)).contains(revocation.clockTolerance) else {
            throw ConfigurationError(
                "revocation.clockTolerance must be from 0 to 60 s, not \(revocation.clockTolerance)"
            )
        }
        if openedRecordCapacity < 0 {
            throw ConfigurationError("\(openedRecordCapacity) opened records can't be remembered")
        }
        if maximumQuestions < 1 {
            throw ConfigurationError("at least one question must be allowed at once, not \(maximumQuestions)")
        }
        if maximumWaitingQuestions < 0 {
            throw ConfigurationError("\(maximumWaitingQuestions) questions can't wait for their turn")
        }
        if breakerThreshold < 1 {
            throw ConfigurationError("a breaker opens after at least one failure, not \(breakerThreshold)")
        }
    }
}
