/// Knows what a gate may say about a token, whatever befalls it, its store and its authority.
package struct Oracle: Sendable {
    package typealias Instant = ContinuousClock.Instant

    /// What is known besides the token.
    package struct Circumstances: Sendable {
        /// When the store lost what it held, and with it which tokens are forgotten.
        package var losses = Spans()
        /// Since when there has been no fault; `nil` while there are faults.
        package var calmSince: Instant?
        /// When the issuer's set held the key that signed the token; `nil` for an opaque token.
        package var keyLife: KnownToken.KeyLife?

        package init() {}
    }

    /// The gates tell the time by another clock than the oracle.
    private static let tolerance: Duration = .milliseconds(100)
    /// How soon every gate answers again after the last fault.
    private static let recovery: Duration = .seconds(10)
    /// How soon after that, or after its publication, a key is known everywhere: a cooldown and a fetch later.
    private static let keyRecovery: Duration = .seconds(45)

    /// For how long an answer is fresh.
    let timeToLive: Duration
    /// For how long it may be used after that while the authority is unavailable.
    let staleGrace: Duration
    /// For how long another process may not know that a token was forgotten.
    let near: Duration
    /// For how long a question may be under way.
    let question: Duration
    /// Within which time each request is answered, apart from when its gate was stopped.
    let deadline: Duration

    package init(
        timeToLive: Duration,
        staleGrace: Duration,
        near: Duration,
        question: Duration,
        deadline: Duration
    ) {
        self.timeToLive = timeToLive
        self.staleGrace = staleGrace
        self.near = near
        self.question = question
        self.deadline = deadline
    }

    /// No gate accepts a token for longer than this after its revocation, whatever happened.
    var longestBound: Duration { max(timeToLive + staleGrace, question) }

    /// What is wrong with an answer; `nil` if nothing is.
    ///
    /// A request that was sent before a moment may have been decided before it, so only later ones are judged by it.
    ///
    /// - Parameters:
    ///   - answer: the answer.
    ///   - token: what is known about its token.
    ///   - circumstances: what else is known.
    /// - Returns: the objection, in words.
    package func objection(
        to answer: Answer,
        about token: KnownToken,
        in circumstances: Circumstances
    ) -> String? {
        let period = answer.period
        let patience = period.upperBound - period.lowerBound - answer.pauses.overlap(with: period)
        if patience > deadline { return "it took \(patience)" }
        switch answer.content {
        case .none: return "there was no answer"
        case .status(503):
            guard let calm = circumstances.calmSince, period.lowerBound > calm + Self.recovery else {
                return nil
            }
            if let key = circumstances.keyLife {
                let isKnown = period.lowerBound > max(calm, key.published) + Self.keyRecovery
                if !isKnown || key.removed != nil { return nil }
            }
            return "the status is 503, and nothing is wrong"
        case .status(401):
            if let removed = circumstances.keyLife?.removed, removed <= period.upperBound { return nil }
            return refusalObjection(to: answer, about: token)
        case .status(let status): return "the status is \(status)"
        case .accepted(let source, let subject):
            guard subject == token.subject else { return "it is about another subject" }
            return acceptanceObjection(to: answer, source, about: token)
                ?? forgottenObjection(to: answer, source, about: token, circumstances.losses)
        }
    }

    private func refusalObjection(to answer: Answer, about token: KnownToken) -> String? {
        guard let life = token.life, answer.period.upperBound < life.validUntil else { return nil }
        if let began = token.revocationBegan, began <= answer.period.upperBound { return nil }
        return "a valid token was refused"
    }

    private func acceptanceObjection(
        to answer: Answer,
        _ source: Answer.Source,
        about token: KnownToken
    ) -> String? {
        let asked = answer.period.lowerBound
        guard let life = token.life else { return "a token that was never issued was accepted" }
        if asked >= life.expiredFrom + Self.tolerance { return "an expired token was accepted" }
        // The set with a newer key has the one before it, and no earlier ones; no process goes back to an older set.
        if let generation = token.generation, let known = answer.knownGeneration, generation < known - 1 {
            return "a token of a removed key was accepted by a gate that knows the newer keys"
        }
        guard let revoked = token.revoked, asked >= revoked + bound(of: source) + Self.tolerance else {
            return nil
        }
        return "a token was accepted \(asked - revoked) after it was revoked"
    }

    /// For how long after its revocation an answer that came from somewhere may accept a token.
    private func bound(of source: Answer.Source) -> Duration {
        switch source {
        case .authority: .zero
        case .sharedQuestion: question
        case .store: timeToLive
        case .stale: timeToLive + staleGrace
        }
    }

    /// A gate that confirmed it has forgotten a token at once, others within the near life; but a question that is
    /// under way in another is answered to those who wait for it.
    private func forgottenObjection(
        to answer: Answer,
        _ source: Answer.Source,
        about token: KnownToken,
        _ losses: Spans
    ) -> String? {
        guard token.revoked != nil || token.generation != nil, let began = token.forgettingBegan,
            let forgotten = token.forgotten
        else {
            return nil
        }
        let isTheOne = token.forgottenBy == answer.gate
        let asked = answer.period.lowerBound
        let since = began...answer.period.upperBound
        guard asked >= forgotten + (isTheOne ? .zero : near) + Self.tolerance, !losses.touch(since) else {
            return nil
        }
        switch source {
        case .sharedQuestion where !isTheOne: return nil
        // A question may have been under way when the gate was stopped, and those who came since wait for it.
        case .stale where answer.pauses.touch(since): return nil
        default: return "a token was accepted \(asked - forgotten) after it was forgotten"
        }
    }
}
