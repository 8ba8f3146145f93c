import Testing
import TokenVerification

/// An authority that never answers a question.
func failing(
    _ reason: VerificationError.Reason,
    kind: String = "failing",
    retryAfter: Duration? = nil,
    limitsEachToken: Bool = false
) -> ScriptedAuthority {
    ScriptedAuthority(
        identity: AuthorityIdentity(kind: kind, parameters: [:]),
        limitsEachToken: limitsEachToken
    ) { _ throws(VerificationError) in
        throw VerificationError(reason, retryAfter: retryAfter)
    }
}

/// Why a token is not verified.
func error(
    of verifier: AuthorityTokenVerifier<ScriptedAuthority>,
    _ text: String
) async -> VerificationError? {
    await #expect(throws: VerificationError.self) { try await verifier.source(text) }
}

/// Asks about five tokens in vain, which opens the breaker if they are not answered.
func open(_ verifier: AuthorityTokenVerifier<ScriptedAuthority>) async {
    for number in 0..<5 { _ = await error(of: verifier, "\(number)") }
}
