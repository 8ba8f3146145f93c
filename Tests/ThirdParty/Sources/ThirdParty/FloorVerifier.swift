public import TokenVerification

/// A verifier of a third party, which demands of a token what ``TokenRequirements`` has no word for: a claim.
public struct FloorVerifier: TokenVerifier {
    private let verifier: any TokenVerifier
    private let floor: Int64

    public init(_ verifier: any TokenVerifier, floor: Int64) {
        self.verifier = verifier
        self.floor = floor
    }

    public func verification(of token: BearerToken) async throws(VerificationError) -> Verification {
        let verification = try await verifier.verification(of: token)
        guard verification.token.claims["floor"]?.integer == floor else {
            throw VerificationError(.wrongAudience)
        }
        return verification
    }
}
