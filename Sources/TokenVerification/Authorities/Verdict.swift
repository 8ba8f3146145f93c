/// An authority's answer to the question what a token means.
public enum Verdict: Sendable, Equatable {
    /// The token is genuine and active.
    ///
    /// `cacheable` is false where part of the answer is missing for a passing reason, which must not stick.
    case accepted(VerifiedToken, cacheable: Bool)
    /// The authority says definitively that the token is not active.
    case refused
}
