extension TokenCacheOptions {
    /// Refuses what can't work; the message names the option and what it accepts.
    func validate(timeToLive: Duration?) throws(ConfigurationError) {
        let durations = [
            ("timeToLive", timeToLive),
            ("questions.waitLimit", questions.waitLimit),
            ("refusals.timeToLive", refusals.timeToLive),
            ("stale.grace", stale.grace),
            ("stale.retryInterval", stale.retryInterval),
            ("breaker.pause", breaker.pause),
            ("breaker.maximumRetryAfter", breaker.maximumRetryAfter),
            ("near.life", near.life),
            ("store.deadline", store.deadline),
            ("store.removalDeadline", store.removalDeadline),
        ]
        for case (let name, let duration?) in durations where duration < .zero {
            throw ConfigurationError("\(name) must not be negative, but is \(duration)")
        }
        if breaker.maximumRetryAfter > RetryAfter.maximum {
            throw ConfigurationError(
                "breaker.maximumRetryAfter must be from 0 to \(RetryAfter.maximum), but is \(breaker.maximumRetryAfter)"
            )
        }
        if fleet.leaseTime <= .zero {
            throw ConfigurationError("fleet.leaseTime must be greater than zero, but is \(fleet.leaseTime)")
        }
        let numbers = [
            ("questions.maximum", questions.maximum, 1),
            ("questions.maximumWaiting", questions.maximumWaiting, 0),
            ("refusals.capacity", refusals.capacity, 0),
            ("breaker.threshold", breaker.threshold, 1),
            ("near.capacity", near.capacity, 0),
            ("store.openedRecordCapacity", store.openedRecordCapacity, 0),
        ]
        for (name, number, least) in numbers where number < least {
            throw ConfigurationError("\(name) must be at least \(least), but is \(number)")
        }
    }
}
