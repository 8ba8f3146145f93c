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
            ("refresh.after", refresh.after),
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
        guard (.zero ... .seconds(60)).contains(revocation.clockTolerance) else {
            throw ConfigurationError(
                "revocation.clockTolerance must be from 0 to 60 s, not \(revocation.clockTolerance)"
            )
        }
        if deadline <= .zero {
            throw ConfigurationError("deadline must be greater than zero, but is \(deadline)")
        }
        guard (0...0.5).contains(lifeJitter) else {
            throw ConfigurationError("lifeJitter must be from 0 to 0.5, but is \(lifeJitter)")
        }
        if let after = refresh.after, let timeToLive, timeToLive != .zero {
            let shortestLife = timeToLive * (1 - lifeJitter)
            guard after > .zero, after < shortestLife else {
                throw ConfigurationError(
                    "refresh.after must be greater than zero and less than \(shortestLife), the shortest life of an answer, but is \(after)"
                )
            }
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
