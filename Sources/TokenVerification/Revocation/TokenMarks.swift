import CacheStores

/// The marks on one token, and what they mean for it.
struct TokenMarks: Sendable {
    /// The latest mark on the subject, the client and the session.
    var latest: Timestamp?
    /// Whether the signed token itself was revoked.
    var isRevoked = false

    /// What the marks say of an answer about the token.
    ///
    /// - Parameters:
    ///   - token: the answer.
    ///   - longestLife: the longest life of a signed token; `nil` for an opaque one.
    ///   - tolerance: by how much clocks may differ that dated the marks and the answer.
    /// - Returns: never `unknown`.
    func state(
        of token: VerifiedToken,
        longestLife: Duration?,
        tolerance: Duration
    ) -> RevocationState {
        guard let longestLife else {
            // An opaque token.
            guard let latest else { return .clear }
            return token.verifiedAt > latest.advanced(by: tolerance) ? .clear : .superseded
        }
        if isRevoked { return .refused(.revoked) }
        guard let issued = token.issuedAt, let expiry = token.expiry,
            issued.duration(to: expiry) <= longestLife
        else { return .refused(.tooLongLived) }
        guard let latest, Self.second(of: issued) <= Self.second(of: latest) else { return .clear }
        return .refused(.revoked)
    }

    /// `iat` has whole seconds, so a mark counts to the end of its second.
    private static func second(of moment: Timestamp) -> Int64 {
        moment.millisecondsSince1970 / 1000
    }
}
