public import CacheStores
public import HTTPTransports
import HTTPTypes

extension HTTPReply {
    /// What a status means that is neither an answer nor a refusal.
    ///
    /// To be asked last: an authority first reads the statuses that its protocol gives a meaning. What 401 and 403 mean
    /// depends on that: the token is refused (``Verdict/refused``), or this server is (`credentialsRefused`). Here they are
    /// `rejected`, which is neither.
    ///
    /// 429 is `rateLimited`. Any other 4xx is `rejected`, except 408 and 425: the authority finds fault with this one
    /// question and is there for others, so it must neither count as an outage nor bring back an old answer. All the
    /// rest is `failed`.
    ///
    /// - Parameter now: the time, from which a `Retry-After` date counts.
    /// - Returns: the error, with the wait that the reply asks for, and the status as its detail.
    public func failure(at now: Timestamp) -> VerificationError {
        let reason: VerificationError.Reason =
            switch head.status.code {
            case 429: .rateLimited
            case 408, 425: .failed
            case 400...499: .rejected
            default: .failed
            }
        return VerificationError(
            reason,
            retryAfter: retryAfter(at: now),
            detail: .status(head.status.code)
        )
    }
}
