import CacheStores
import TokenVerification

/// Reads the registered claims of a signed token (RFC 7519 §4.1, RFC 9068 §2.2), strictly.
struct JWTClaims {
    let payload: Claims

    /// The properties of an access token.
    ///
    /// - Parameters:
    ///   - verifiedAt: when the verification began.
    ///   - scopeClaim: the claim that holds the scopes; `nil` for `scope`, or else `scp`.
    /// - Returns: the properties.
    /// - Throws: ``VerificationError`` of code `invalidToken`.
    func content(
        verifiedAt: Timestamp,
        scopeClaim: String? = nil
    ) throws(VerificationError) -> VerifiedToken.Content {
        for name in ["at_hash", "c_hash", "s_hash", "events"] where payload[name] != nil {
            // Only ID tokens (OpenID Connect Core §3.3.2.11) and security events (RFC 8417) have these.
            throw VerificationError(.notAccessToken)
        }
        var content = VerifiedToken.Content(verifiedAt: verifiedAt, claims: payload)
        content.issuer = try text("iss")
        content.subject = try text("sub")
        content.clientID = try text("client_id")
        if content.clientID == nil { content.clientID = try text("azp") }
        content.username = payload["preferred_username"]?.string
        content.audiences = try audiences()
        content.orderedScopes = try scopes(scopeClaim ?? "scope")
        if scopeClaim == nil, content.orderedScopes == nil { content.orderedScopes = try scopes("scp") }
        content.expiry = try moment("exp")
        content.notBefore = try moment("nbf")
        content.issuedAt = try moment("iat")
        return content
    }

    private func text(_ name: String) throws(VerificationError) -> String? {
        switch payload[name] {
        case nil: return nil
        case .string(let text): return text
        default: throw unreadable(name)
        }
    }

    private func audiences() throws(VerificationError) -> [String] {
        switch payload["aud"] {
        case nil: return []
        case .string(let text): return [text]
        case .array(let elements):
            let texts = elements.compactMap(\.string)
            guard texts.count == elements.count else { throw unreadable("aud") }
            return texts
        default: throw unreadable("aud")
        }
    }

    private func scopes(_ name: String) throws(VerificationError) -> [String]? {
        switch payload[name] {
        case nil: return nil
        case .string(let text):
            return text.utf8.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
        case .array(let elements):
            let texts = elements.compactMap(\.string)
            guard texts.count == elements.count else { throw unreadable(name) }
            return texts.filter { !$0.isEmpty }
        default: throw unreadable(name)
        }
    }

    /// Whole seconds since 1970; a text, a fraction and an exponent are refused.
    private func moment(_ name: String) throws(VerificationError) -> Timestamp? {
        guard let value = payload[name] else { return nil }
        guard case .integer(let seconds) = value, (0...(1 << 42)).contains(seconds) else {
            throw unreadable(name)
        }
        return Timestamp(millisecondsSince1970: seconds * 1000)
    }

    private func unreadable(_ name: String) -> VerificationError {
        VerificationError(.unreadable, detail: .member(name))
    }
}
