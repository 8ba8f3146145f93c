/// Decides whether a token that a client presented is acceptable.
///
/// ```swift
/// let caller = try await verifier.verify(BearerToken(authorization: header))
/// ```
public protocol TokenVerifier: Sendable {
    /// Verifies a token and tells where the answer came from.
    ///
    /// - Parameter token: the token as the client presented it.
    /// - Returns: what the authority says of the token, if that satisfies the requirements.
    /// - Throws: ``VerificationError``; `cancelled` stands for `CancellationError`.
    func verification(of token: BearerToken) async throws(VerificationError) -> Verification
}

extension TokenVerifier {
    /// Verifies a token.
    ///
    /// - Parameter token: the token as the client presented it.
    /// - Returns: what the authority says of the token, if that satisfies the requirements.
    /// - Throws: ``VerificationError``; `cancelled` stands for `CancellationError`.
    public func verify(_ token: BearerToken) async throws(VerificationError) -> VerifiedToken {
        try await verification(of: token).token
    }
}
