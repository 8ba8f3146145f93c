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
            guard after >= .milliseconds(100), after < shortestLife else {
                throw ConfigurationError(
                    "refresh.after must be at least 0.1 s and less than \(shortestLife), the shortest life of an answer, but is \(after)"
                )
            }
        }
        guard fleet.leaseTime > .zero, fleet.leaseTime <= .seconds(300) else {
            throw ConfigurationError(
                "fleet.leaseTime must be greater than zero and at most 300 s, not \(fleet.leaseTime)"
            )
        }
        for (name, duration) in [
            ("store.deadline", store.deadline), ("store.removalDeadline", store.removalDeadline),
        ] where duration <= .zero {
            throw ConfigurationError("\(name) must be greater than zero, but is \(duration)")
        }
        try Self.validate(questions.maximum, in: 1...Int.max, as: "questions.maximum")
        try Self.validate(questions.maximumWaiting, in: 0...Int.max, as: "questions.maximumWaiting")
        try Self.validate(refusals.capacity, in: 0...Self.largestCapacity, as: "refusals.capacity")
        try Self.validate(breaker.threshold, in: 1...Int.max, as: "breaker.threshold")
        try Self.validate(near.capacity, in: 0...Self.largestCapacity, as: "near.capacity")
        try Self.validate(store.openedRecordCapacity, in: 0...1_048_576, as: "store.openedRecordCapacity")
    }

    /// What a store in memory can number.
    static let largestCapacity = Int(UInt32.max) - 1

    static func validate(
        _ number: Int,
        in range: ClosedRange<Int>,
        as name: String
    ) throws(ConfigurationError) {
        guard !range.contains(number) else { return }
        let accepted =
            range.upperBound == .max
            ? "at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
        throw ConfigurationError("\(name) must be \(accepted), but is \(number)")
    }
}
