import HTTPTransports
import HTTPTypes

extension HTTPReply {
    /// What a status means that brought no answer and tells of no limit.
    ///
    /// Whoever finds fault with one question is there for others. That one token is too long or its owner suspended
    /// must neither count as an outage nor bring back an old answer.
    var failure: VerificationError.Reason {
        switch head.status.code {
        case 408, 425: .failed
        case 400...499: .rejected
        default: .failed
        }
    }
}
