extension VerificationError {
    /// What a server does about an error; new codes may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Name: String {
            case invalidRequest, missingCredentials, invalidToken, insufficientScope, unavailable,
                misconfigured
            case cancelled
        }

        private let name: Name

        /// The credentials are malformed, repeated or in the wrong place: 400 `invalid_request`.
        public static let invalidRequest = Self(name: .invalidRequest)
        /// There are no credentials of the scheme `Bearer`: 401 without `error` (RFC 6750 §3).
        public static let missingCredentials = Self(name: .missingCredentials)
        /// The token is not acceptable: 401 `invalid_token`.
        public static let invalidToken = Self(name: .invalidToken)
        /// The token is genuine but does not allow enough: 403 `insufficient_scope`.
        public static let insufficientScope = Self(name: .insufficientScope)
        /// There is no answer: 503, and nothing is known against the token.
        public static let unavailable = Self(name: .unavailable)
        /// The authority does not accept this server: 503, and an operator must act.
        public static let misconfigured = Self(name: .misconfigured)
        /// The task that asked was cancelled.
        public static let cancelled = Self(name: .cancelled)

        public var description: String { name.rawValue }
    }
}
