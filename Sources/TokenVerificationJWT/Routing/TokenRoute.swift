public import TokenVerification

/// Which tokens a verifier of a ``RoutedTokenVerifier`` gets.
public struct TokenRoute: Sendable {
    enum Choice: Sendable {
        case prefix(String)
        case issuer(String)
        case otherwise(acceptsJWT: Bool)
    }

    let choice: Choice
    let verifier: any TokenVerifier

    /// Tokens that begin with a text, such as `ghp_`, and are no signed tokens.
    public static func prefix(_ prefix: String, _ verifier: some TokenVerifier) -> Self {
        Self(choice: .prefix(prefix), verifier: verifier)
    }

    /// Signed tokens that say they are of an issuer, forged ones included: no other route is tried.
    public static func issuer(_ issuer: String, _ verifier: some TokenVerifier) -> Self {
        Self(choice: .issuer(issuer), verifier: verifier)
    }

    /// All other tokens.
    ///
    /// - Parameters:
    ///   - verifier: the verifier.
    ///   - acceptsJWT: whether it also gets signed tokens of no listed issuer; otherwise these are refused.
    /// - Returns: the route.
    public static func otherwise(_ verifier: some TokenVerifier, acceptsJWT: Bool = false) -> Self {
        Self(choice: .otherwise(acceptsJWT: acceptsJWT), verifier: verifier)
    }
}
