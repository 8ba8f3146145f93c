/// Knows what a gate may say about a token, whatever befalls it, its store and its authority.
struct Oracle: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// For how long an answer is fresh.
    var timeToLive: Duration
    /// For how long it may be used after that while the authority is unavailable.
    var staleGrace: Duration
    /// For how long another process may not know that a token was forgotten.
    var near: Duration
    /// For how long a question may be under way.
    var question: Duration
    /// Within which time each request is answered.
    var deadline: Duration

    /// What is wrong with an answer; `nil` if nothing is.
    ///
    /// A request that was sent before a moment may have been decided before it, so only later ones are judged by it.
    ///
    /// - Parameters:
    ///   - answer: the answer.
    ///   - token: what is known about its token.
    ///   - losses: when the store lost what it held, and with it which tokens are forgotten.
    /// - Returns: the objection, in words.
    func objection(to answer: Answer, about token: KnownToken, losses: Spans) -> String? {
        if answer.patience > deadline { return "it took \(answer.patience)" }
        switch answer.content {
        case .none: return "there was no answer"
        case .status(503): return nil
        case .status(401): return refusalObjection(to: answer, about: token)
        case .status(let status): return "the status is \(status)"
        case .accepted(let source): return acceptanceObjection(to: answer, source, about: token, losses)
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
        about token: KnownToken,
        _ losses: Spans
    ) -> String? {
        let asked = answer.period.lowerBound
        guard let life = token.life else { return "a token that nobody issued was accepted" }
        if asked >= life.expiredFrom { return "an expired token was accepted" }
        guard let revoked = token.revoked else { return nil }
        if asked >= revoked + bound(of: source) {
            return "a token was accepted \(asked - revoked) after it was revoked"
        }
        guard source == .store || source == .stale,
            let forgettingBegan = token.forgettingBegan, let forgotten = token.forgotten,
            asked >= forgotten + near, !losses.touch(forgettingBegan...answer.period.upperBound)
        else { return nil }
        return "a token was accepted \(asked - forgotten) after it was forgotten"
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
}
