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
/// let challenge = BearerChallenge(error, requiring: verifier.requirements)
/// return Response(status: challenge.status, headers: challenge.headerFields)
/// ```
public struct BearerChallenge: Error, Hashable {
    /// The values of `error` (RFC 6750 §3.1).
    public enum Code: String, Sendable, CaseIterable {
        case invalidRequest = "invalid_request"
        case invalidToken = "invalid_token"
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

    /// The answer to credentials that are no bearer token.
    public init(_ error: BearerTokenError) {
        switch error {
        case .missing, .otherScheme: self.init(.unauthorized)
        case .malformed:
            let explanation = "The bearer token has a character that is not accepted in a token"
            self.init(.badRequest, .invalidRequest, explanation)
        case .tooLong(let limit):
            self.init(.badRequest, .invalidRequest, "The bearer token is longer than \(limit) bytes")
        case .repeated: self.init(.badRequest, .invalidRequest, "There is more than one set of credentials")
        }
    }

    /// The answer to a token that was not verified.
    ///
    /// - Parameters:
    ///   - error: why; `cancelled` gives 503, which no client waits for any more.
    ///   - requirements: what was demanded of the token.
    public init(_ error: VerificationError, requiring requirements: TokenRequirements) {
        switch error.code {
        case .invalidToken:
            self.init(.unauthorized, .invalidToken, Self.explanation(of: error.reason))
        case .insufficientScope:
            let explanation = "The token does not allow this"
            self.init(.forbidden, .insufficientScope, explanation, scopes: requirements.scopes)
        default:
            self.init(.serviceUnavailable, retryAfter: error.retryAfter ?? Self.defaultRetryAfter)
        }
    }

    /// The answer to a token in the query string, where it would end up in logs (RFC 6750 §5.3, RFC 9700 §4.3.2).
    public static var tokenInQuery: BearerChallenge {
        BearerChallenge(.badRequest, .invalidRequest, "A token in the query string is not accepted")
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

    /// Whatever a client can't know by itself and may be told.
    private static func explanation(of reason: VerificationError.Reason) -> String {
        switch reason {
        case .expired: "The token expired"
        case .notYetValid: "The token is not valid yet"
        case .tooOld: "The token was issued too long ago"
        case .wrongIssuer: "The token is of another issuer"
        case .wrongAudience: "The token is meant for another audience"
        case .notAccessToken: "The token is not an access token"
        case .senderConstrained: "The token is bound to its sender's key, which is not checked here"
        default: "The token is not active"
        }
    }
}
