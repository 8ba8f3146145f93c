import CacheStores

/// An authority's verdict, and when the authority was asked.
struct TimedVerdict: Sendable {
    let verdict: Verdict
    /// Why the token is refused, if it is.
    var refusal = VerificationError.Reason.refused
    /// When the question began, by the store's clock; `nil` if that time was not known.
    let asked: Timestamp?
    /// Whether a mark is newer than the answer, which then is not kept.
    var isSuperseded = false

    /// What a caller that asked is given.
    var verification: Verification {
        get throws(VerificationError) {
            guard case .accepted(let token, _) = verdict else { throw VerificationError(refusal) }
            return Verification(token: token, source: .authority)
        }
    }
}
