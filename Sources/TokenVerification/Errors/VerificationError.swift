/// Why a token was not verified.
///
/// Code, reason and wait say nothing that only the authority or the token knows, so that they can be told to a client.
/// ``detail`` is for the operator's log. It takes no part in equality, nor in ``description``.
public struct VerificationError: Error {
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
        /// There is no answer: 503, and nothing is known against the token.
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
        /// The token is meant for another audience, or names none.
        case wrongAudience
        /// The token does not begin as the tokens do that the requirements allow.
        case unknownPrefix
        /// The token is no access token: a refresh or an ID token, for example.
        case notAccessToken
        /// The token is bound to a key of its sender (RFC 8705, RFC 9449), whose proof is not checked here.
        case senderConstrained
        /// The token is no signed token that can be read: parts, encoding, JSON or the type of a claim.
        case unreadable
        /// The signed token is of a kind or has a header that is not accepted: encrypted, nested, with `crit`.
        case wrongType
        /// The signed token's algorithm is not among the accepted ones.
        case algorithmNotAllowed
        /// The signed token's key is not among the issuer's keys.
        case unknownKey
        /// The signature is not the one of the key that the token names.
        case badSignature
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
        /// The question is not taken: by an authority that is there, or by a transport that is not allowed to send it.
        case rejected
        /// The authority's answer breaks its protocol.
        case malformedAnswer
        /// Too many questions are under way.
        case overloaded
        /// The token's key is not at hand, and the issuer's keys were fetched a moment ago.
        case awaitingKeys
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

    /// What exactly was wrong with the authority's answer or the way to it, if that is known.
    public let detail: Detail?

    /// Whether a rate limit holds for this server, although the authority otherwise limits each token.
    ///
    /// See ``TokenAuthority/limitsEachToken``. It takes no part in equality.
    public let limitsServer: Bool

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - reason: why there is no verified token.
    ///   - retryAfter: how long to wait before asking again, if that is known.
    ///   - detail: what exactly was wrong, for the operator's log.
    ///   - limitsServer: whether a rate limit holds for this server, whatever the token. Only an authority that limits
    ///     each token has to say so.
    public init(
        _ reason: Reason,
        retryAfter: Duration? = nil,
        detail: Detail? = nil,
        limitsServer: Bool = false
    ) {
        self.reason = reason
        self.retryAfter = retryAfter
        self.detail = detail
        self.limitsServer = limitsServer
    }

    public var code: Code {
        switch reason {
        case .refused, .expired, .notYetValid, .tooOld, .wrongIssuer, .wrongAudience, .unknownPrefix,
            .notAccessToken, .senderConstrained, .unreadable, .wrongType, .algorithmNotAllowed, .unknownKey,
            .badSignature:
            .invalidToken
        case .missingScope: .insufficientScope
        case .unreachable, .timedOut, .rateLimited, .failed, .rejected, .malformedAnswer, .overloaded,
            .awaitingKeys, .unconfirmed, .shutDown:
            .unavailable
        case .credentialsRefused: .misconfigured
        case .cancelled: .cancelled
        }
    }
}

extension VerificationError: Hashable {
    public static func == (left: Self, right: Self) -> Bool {
        left.reason == right.reason && left.retryAfter == right.retryAfter
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(reason)
        hasher.combine(retryAfter)
    }
}

extension VerificationError: CustomStringConvertible {
    public var description: String { "\(code): \(reason.rawValue)" }
}
