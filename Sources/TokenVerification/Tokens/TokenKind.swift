/// What an authority's claims say of the kind of a token: whether it is an access token, and bound to its sender.
///
/// Authorities report refresh and ID tokens as active too (RFC 7662 §2.2 lets them), and tokens that are worth nothing
/// without a proof of the sender's key. Both are read from the claims once, when a ``VerifiedToken`` is made, since
/// ``TokenRequirements`` decides about them on every use.
struct TokenKind: Sendable {
    /// Whether nothing in the claims says that this is another kind of token.
    private(set) var isAccessToken = true
    /// Whether the token is bound to a key: it has a `cnf` (RFC 7800), or a type that says so.
    private(set) var isBound = false

    /// - Parameters:
    ///   - claims: what the authority says.
    ///   - kinds: what counts as an access token besides.
    init(_ claims: Claims, accepting kinds: Set<String> = []) {
        let accepted = Set(kinds.map(Self.normalized))
        claims.scan { name, value in
            guard let member = Member(name), let value = value(), value != .null else { return }
            let kind = value.string.map(Self.normalized)
            if member == .confirmation {
                // An object without members, or with null ones only, names no key.
                if !(value.object?.values.allSatisfy { $0 == .null } ?? false) { isBound = true }
            } else if let kind, Self.boundKinds.contains(kind) {
                isBound = true
            } else if !member.allows(kind), !(kind.map(accepted.contains) ?? false) {
                isAccessToken = false
            }
        }
    }

    /// With ASCII letters in lower case, without the prefix of a URN (RFC 8693 §3) or of a media type, and with `_`
    /// between words.
    private static func normalized(_ kind: String) -> ExactText {
        var bytes = kind.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }[...]
        for prefix in ["urn:ietf:params:oauth:token-type:", "application/"]
        where bytes.starts(with: prefix.utf8) {
            bytes = bytes.dropFirst(prefix.utf8.count)
        }
        let words = bytes.map { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: " ") ? UInt8(ascii: "_") : $0 }
        return ExactText(String(decoding: words, as: UTF8.self))
    }

    /// `token_type` of DPoP (RFC 9449 §6.2), of proof of possession (RFC 9200) and of MAC; Keycloak's `typ` is `DPoP`.
    private static let boundKinds: Set<ExactText> = ["dpop", "pop", "mac"]

    /// What `typ` and `token_type` say of tokens that are no access tokens.
    ///
    /// A list of what is refused, since `typ` is nowhere specified for an answer and servers write much into it that
    /// means an access token: `Bearer` (Keycloak), `JWT`, `at+jwt` (RFC 9068), names of their own.
    fileprivate static let otherKinds: Set<ExactText> = [
        // Refresh tokens: Keycloak (`Refresh`, `Offline`), WSO2, ForgeRock, Okta.
        "refresh", "refresh_token", "refreshtoken", "rt", "rt+jwt", "offline", "offline_token",
        // ID tokens: Keycloak (`ID`, `Serialized-ID`), others.
        "id", "id_token", "idtoken", "id+jwt", "identity_token", "serialized_id",
        // Logout tokens (OpenID Connect Back-Channel Logout §2.4) and security events (RFC 8417).
        "logout", "logout_token", "logout+jwt", "secevent+jwt",
        // Codes.
        "authorization_code", "authorizationcode", "auth_code", "code", "device_code", "user_code",
        // Keycloak's tokens for registering clients (`InitialAccessToken`, `RegistrationAccessToken`).
        "initialaccesstoken", "registrationaccesstoken", "initial_access_token", "registration_access_token",
        // Assertions and proofs (RFC 7523, RFC 8693, RFC 9449), user info, and "not an access token" (RFC 8693 §2.2.1).
        "client_authentication+jwt", "client_assertion", "oauth_id_jag+jwt", "id_jag", "saml1", "saml2",
        "dpop+jwt", "userinfo", "n_a",
    ]
}

extension TokenKind {
    /// The claims that tell.
    private enum Member {
        case confirmation
        /// `token_use` (Ory Hydra, Authelia; `access` is Amazon Cognito's) and `token_usage` (OpenIddict).
        case use
        case type
        case tokenType

        init?(_ name: UnsafeRawBufferPointer) {
            // Most names are of none of these lengths.
            switch name.count {
            case 3 where name.elementsEqual("cnf".utf8): self = .confirmation
            case 3 where name.elementsEqual("typ".utf8): self = .type
            case 9 where name.elementsEqual("token_use".utf8): self = .use
            case 10 where name.elementsEqual("token_type".utf8): self = .tokenType
            case 11 where name.elementsEqual("token_usage".utf8): self = .use
            default: return nil
            }
        }

        /// Whether an access token may say this of itself; `nil` stands for what is no text.
        func allows(_ kind: ExactText?) -> Bool {
            switch self {
            case .confirmation: true
            case .use: kind == "access_token" || kind == "access"
            case .type: kind.map { !TokenKind.otherKinds.contains($0) } ?? true
            case .tokenType: kind.map { !TokenKind.otherKinds.contains($0) } ?? false
            }
        }
    }
}
