extension VerificationError {
    /// Why a request has no verified token; new reasons may be added.
    ///
    /// A reason's ``description`` is its name, which does not change: it is fit for a metric's label.
    public struct Reason: Sendable, Hashable, CaseIterable, CustomStringConvertible {
        private enum Name: String, CaseIterable {
            case noCredentials, otherScheme
            case malformedToken, tokenTooLong, repeatedCredentials, tokenInQuery
            case refused, expired, notYetValid, tooOld, wrongIssuer, wrongAudience, unknownPrefix
            case notAccessToken, senderConstrained
            case unreadable, wrongType, algorithmNotAllowed, unknownKey, badSignature
            case revoked, tooLongLived, notSigned
            case missingScope
            case unreachable, timedOut, rateLimited, failed, rejected, malformedAnswer
            case overloaded, awaitingKeys, unconfirmed, unknownMarks, shutDown
            case credentialsRefused
            case cancelled
        }

        private let name: Name

        /// The request has no credentials.
        public static let noCredentials = Self(name: .noCredentials)
        /// The credentials are of another scheme, such as Basic.
        public static let otherScheme = Self(name: .otherScheme)

        /// The credentials don't follow the grammar of RFC 6750 §2.1, or what ``BearerTokenFormat`` accepts besides.
        public static let malformedToken = Self(name: .malformedToken)
        /// The token is longer than ``BearerTokenFormat/maximumLength``.
        public static let tokenTooLong = Self(name: .tokenTooLong)
        /// There is more than one set of credentials.
        public static let repeatedCredentials = Self(name: .repeatedCredentials)
        /// The token is in the query string, where it would end up in logs (RFC 6750 §5.3, RFC 9700 §4.3.2).
        public static let tokenInQuery = Self(name: .tokenInQuery)

        /// The authority says that the token is not active.
        public static let refused = Self(name: .refused)
        /// The token's expiry has passed.
        public static let expired = Self(name: .expired)
        /// The token is not valid yet.
        public static let notYetValid = Self(name: .notYetValid)
        /// The token was issued longer ago than the requirements allow, or does not say when.
        public static let tooOld = Self(name: .tooOld)
        /// The token is of another issuer, or does not say which.
        public static let wrongIssuer = Self(name: .wrongIssuer)
        /// The token is meant for another audience, or names none.
        public static let wrongAudience = Self(name: .wrongAudience)
        /// The token does not begin as the tokens do that the requirements allow.
        public static let unknownPrefix = Self(name: .unknownPrefix)
        /// The token is no access token: a refresh or an ID token, for example.
        public static let notAccessToken = Self(name: .notAccessToken)
        /// The token is bound to a key of its sender (RFC 8705, RFC 9449), whose proof is not checked here.
        public static let senderConstrained = Self(name: .senderConstrained)

        /// The token is no signed token that can be read: parts, encoding, JSON or the type of a claim.
        public static let unreadable = Self(name: .unreadable)
        /// The signed token is of a kind or has a header that is not accepted: encrypted, nested, with `crit`.
        public static let wrongType = Self(name: .wrongType)
        /// The signed token's algorithm is not among the accepted ones.
        public static let algorithmNotAllowed = Self(name: .algorithmNotAllowed)
        /// The signed token's key is not among the issuer's keys.
        public static let unknownKey = Self(name: .unknownKey)
        /// The signature is not the one of the key that the token names.
        public static let badSignature = Self(name: .badSignature)

        /// The signed token, its subject, client or session was revoked.
        public static let revoked = Self(name: .revoked)
        /// From `iat` to `exp` the signed token lives longer than ``SignedTokenAuthority/longestLife``, or it has no `iat`.
        public static let tooLongLived = Self(name: .tooLongLived)
        /// The token is not a signed one, so its authority has to revoke it.
        public static let notSigned = Self(name: .notSigned)
        /// The token lacks a required scope, or the authority did not say which it has.
        public static let missingScope = Self(name: .missingScope)

        /// The authority could not be reached.
        public static let unreachable = Self(name: .unreachable)
        /// The authority did not answer in time.
        public static let timedOut = Self(name: .timedOut)
        /// The authority asks to be left alone for a while.
        public static let rateLimited = Self(name: .rateLimited)
        /// The authority reported a fault of its own.
        public static let failed = Self(name: .failed)
        /// The question is not taken: by an authority that is there, or by a transport that is not allowed to send it.
        public static let rejected = Self(name: .rejected)
        /// The authority's answer breaks its protocol.
        public static let malformedAnswer = Self(name: .malformedAnswer)
        /// Too many questions are under way.
        public static let overloaded = Self(name: .overloaded)
        /// The token's key is not at hand, and the issuer's keys were fetched a moment ago.
        public static let awaitingKeys = Self(name: .awaitingKeys)
        /// A store did not confirm that a token was forgotten or revoked.
        public static let unconfirmed = Self(name: .unconfirmed)
        /// The store could not tell whether the signed token was revoked.
        public static let unknownMarks = Self(name: .unknownMarks)
        /// The cache was shut down.
        public static let shutDown = Self(name: .shutDown)

        /// The authority refused this server's own credentials.
        public static let credentialsRefused = Self(name: .credentialsRefused)

        /// The task that asked was cancelled.
        public static let cancelled = Self(name: .cancelled)

        public static let allCases = Name.allCases.map(Self.init(name:))

        /// What a server does about it.
        public var code: Code {
            switch name {
            case .noCredentials, .otherScheme: .missingCredentials
            case .malformedToken, .tokenTooLong, .repeatedCredentials, .tokenInQuery: .invalidRequest
            case .refused, .expired, .notYetValid, .tooOld, .wrongIssuer, .wrongAudience, .unknownPrefix,
                .notAccessToken, .senderConstrained, .unreadable, .wrongType, .algorithmNotAllowed,
                .unknownKey, .badSignature, .revoked, .tooLongLived, .notSigned:
                .invalidToken
            case .missingScope: .insufficientScope
            case .unreachable, .timedOut, .rateLimited, .failed, .rejected, .malformedAnswer, .overloaded,
                .awaitingKeys, .unconfirmed, .unknownMarks, .shutDown:
                .unavailable
            case .credentialsRefused: .misconfigured
            case .cancelled: .cancelled
            }
        }

        public var description: String { name.rawValue }

        /// The reason as a sentence without a full stop, in words for the client's developer.
        var sentence: String {
            switch name {
            case .noCredentials, .otherScheme: "The request has no bearer token"
            case .malformedToken: "The bearer token has a character that is not accepted in a token"
            case .tokenTooLong: "The bearer token is too long"
            case .repeatedCredentials: "There is more than one set of credentials"
            case .tokenInQuery: "A token in the query string is not accepted"
            case .refused, .unknownPrefix, .unreadable, .wrongType, .algorithmNotAllowed, .unknownKey,
                .badSignature, .revoked, .tooLongLived:
                "The token is not active"
            case .notSigned: "The token is not signed, so only its authority can revoke it"
            case .expired: "The token expired"
            case .notYetValid: "The token is not valid yet"
            case .tooOld: "The token was issued too long ago"
            case .wrongIssuer: "The token is of another issuer"
            case .wrongAudience: "The token is meant for another audience"
            case .notAccessToken: "The token is not an access token"
            case .senderConstrained: "The token is bound to its sender's key, which is not checked here"
            case .missingScope: "The token does not allow this"
            case .unreachable: "The authority can't be reached"
            case .timedOut: "The authority did not answer in time"
            case .rateLimited: "The authority limits the rate of questions"
            case .failed, .rejected, .malformedAnswer: "The authority gave no usable answer"
            case .overloaded: "Too many questions are under way"
            case .awaitingKeys: "The issuer's keys can't be fetched again yet"
            case .unconfirmed: "The store did not confirm that the token is forgotten or revoked"
            case .unknownMarks: "The store can't tell whether the token was revoked"
            case .shutDown: "The server is shutting down"
            case .credentialsRefused: "The authority refuses this server's credentials"
            case .cancelled: "The request was cancelled"
            }
        }
    }
}
