public import HTTPTypes

/// What a server answers to a request whose credentials it does not accept (RFC 6750 §3, RFC 9728 §5.1).
///
/// | credentials | status | `error` |
/// | --- | --- | --- |
/// | none, or of another scheme | 401 | |
/// | malformed, repeated, or in the query string | 400 | `invalid_request` |
/// | a token that is not acceptable | 401 | `invalid_token` |
/// | a token that lacks a required scope | 403 | `insufficient_scope` |
/// | a token that no authority could be asked about | 503 with `Retry-After` | |
///
/// It never repeats what the client or the authority said: descriptions come from a closed list.
///
/// ```swift
/// let challenge = BearerChallenge(error)
/// return Response(status: challenge.status, headers: challenge.headerFields)
/// ```
public struct BearerChallenge: Error, Hashable {
    /// The values of `error` (RFC 6750 §3.1).
    public enum Code: String, Sendable, CaseIterable {
        /// The credentials are malformed, repeated, or in the query string: status 400.
        case invalidRequest = "invalid_request"
        /// The token is expired, revoked or not acceptable for another reason: status 401.
        case invalidToken = "invalid_token"
        /// The token lacks a required scope: status 403.
        case insufficientScope = "insufficient_scope"
    }

    /// How long a client is asked to wait when the error names no time.
    public static let defaultRetryAfter: Duration = .seconds(5)

    /// The answer's status: 400, 401, 403 or 503.
    public let status: HTTPResponse.Status
    /// The value of `error`; `nil` where the RFC wants none.
    public let code: Code?
    /// The value of `error_description`, in words for the client's developer.
    public let explanation: String?
    /// What a token would need; named with `insufficient_scope` only.
    public let scopes: Set<String>
    /// How long the client should wait; with status 503 only.
    public let retryAfter: Duration?
    /// What the credentials are for.
    public var realm = "api"
    /// Where the resource describes itself and its authorities (RFC 9728 §5.1), if anywhere.
    public var resourceMetadata: String?

    /// The answer to a request that has no verified token.
    ///
    /// - Parameter error: why. `cancelled` gives 503, since the client no longer waits.
    public init(_ error: VerificationError) {
        let explanation = error.reason.sentence
        switch error.code {
        case .missingCredentials: self.init(.unauthorized)
        // A detail of what the client sent is not the authority's business.
        case .invalidRequest: self.init(.badRequest, .invalidRequest, error.errorDescription)
        case .invalidToken: self.init(.unauthorized, .invalidToken, explanation)
        case .insufficientScope:
            self.init(.forbidden, .insufficientScope, explanation, scopes: error.requiredScopes)
        default:
            self.init(.serviceUnavailable, retryAfter: error.retryAfter ?? Self.defaultRetryAfter)
        }
    }

    private init(
        _ status: HTTPResponse.Status,
        _ code: Code? = nil,
        _ explanation: String? = nil,
        scopes: Set<String> = [],
        retryAfter: Duration? = nil
    ) {
        self.status = status
        self.code = code
        self.explanation = explanation
        self.scopes = scopes
        self.retryAfter = retryAfter
    }
}
