import CacheStores
import TokenVerification

/// Decides by the token's text alone.
struct NamedVerifier: TokenVerifier {
    func verification(of token: BearerToken) async throws(VerificationError) -> Verification {
        switch token.text {
        case "refused": throw VerificationError(.refused)
        case "narrow": throw VerificationError(.missingScope, requiring: ["read"])
        case "down": throw VerificationError(.unreachable, retryAfter: .milliseconds(6_001))
        default:
            var content = VerifiedToken.Content(verifiedAt: WallClock.system.now)
            content.subject = token.text
            return Verification(token: VerifiedToken(content), source: .authority)
        }
    }
}
