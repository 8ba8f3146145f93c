/// Why a token was not verified.
///
/// It says nothing that only the authority or the token knows, so that it can be told to a client.
public struct VerificationError: Error, Hashable {
    /// What a server does about it.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Wrapped: String, Sendable {
            case invalidToken, insufficientScope, unavailable, misconfigured, cancelled
        }

        private let wrapped: Wrapped

        /// The token is not acceptable: 401 `invalid_token`.
        public static let invalidToken = Self(wrapped: .invalidToken)
        /// The token is genuine but does not allow enough: 403 `insufficient_scope`.
        public static let insufficientScope = Self(wrapped: .insufficientScope)
        /// Nobody could say: 503, and nothing is known against the token.
        public static let unavailable = Self(wrapped: .unavailable)
        /// The authority does not accept this server: 503, and an operator must act.
        public static let misconfigured = Self(wrapped: .misconfigured)
        /// The task that asked was cancelled.
        public static let cancelled = Self(wrapped: .cancelled)

        public var description: String { wrapped.rawValue }
    }

    /// Why, from a closed list.
    public enum Reason: String, Sendable, CaseIterable {
        /// The authority says that the token is not active.
        case refused
        /// The token's expiry has passed.
        case expired
        /// The token is not valid yet.
        case notYetValid
        /// The token was issued longer ago than the requirements allow, or does not say when.
        case tooOld
        /// The token is of another issuer, or does not say which.
        case wrongIssuer
        /// The token is meant for somebody else, or does not say for whom.
        case wrongAudience
        /// The token does not begin as the tokens do that the requirements allow.
        case unknownPrefix
        /// The token lacks a required scope, or the authority did not say which it has.
        case missingScope
        /// The authority could not be reached.
        case unreachable
        /// The authority did not answer in time.
        case timedOut
        /// The authority asks to be left alone for a while.
        case rateLimited
        /// The authority reported a fault of its own.
        case failed
        /// The authority is there, but does not take this question.
        case rejected
        /// The authority's answer breaks its protocol.
        case malformedAnswer
        /// Too many questions are under way.
        case overloaded
        /// A store did not confirm that a token was forgotten.
        case unconfirmed
        /// The cache was shut down.
        case shutDown
        /// The authority refused this server's own credentials.
        case credentialsRefused
        /// The task that asked was cancelled.
        case cancelled
    }

    public let reason: Reason

    /// How long to wait before asking again, if that is known.
    public let retryAfter: Duration?

    public init(_ reason: Reason, retryAfter: Duration? = nil) {
        self.reason = reason
        self.retryAfter = retryAfter
    }

    public var code: Code {
        switch reason {
        case .refused, .expired, .notYetValid, .tooOld, .wrongIssuer, .wrongAudience, .unknownPrefix:
            .invalidToken
        case .missingScope: .insufficientScope
        case .unreachable, .timedOut, .rateLimited, .failed, .rejected, .malformedAnswer, .overloaded,
            .unconfirmed, .shutDown:
            .unavailable
        case .credentialsRefused: .misconfigured
        case .cancelled: .cancelled
        }
    }
}

extension VerificationError: CustomStringConvertible {
    public var description: String { "\(code): \(reason.rawValue)" }
}
