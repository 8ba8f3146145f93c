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
        let reader = ClaimReader(payload, flaw: .unreadable)
        content.issuer = try reader.text("iss")
        content.subject = try reader.text("sub")
        content.clientID = try reader.text("client_id")
        if content.clientID == nil { content.clientID = try reader.text("azp") }
        content.username = payload["preferred_username"]?.string
        content.audiences = try reader.texts("aud") { [$0] } ?? []
        content.orderedScopes = try scopes(scopeClaim ?? "scope", reader)
        if scopeClaim == nil, content.orderedScopes == nil {
            content.orderedScopes = try scopes("scp", reader)
        }
        content.expiry = try moment("exp", reader)
        content.notBefore = try moment("nbf", reader)
        content.issuedAt = try moment("iat", reader)
        return content
    }

    private func scopes(_ name: String, _ reader: ClaimReader) throws(VerificationError) -> [String]? {
        let texts = try reader.texts(name) { text in
            text.utf8.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
        }
        return texts?.filter { !$0.isEmpty }
    }

    /// Whole seconds since 1970; a text, a fraction and an exponent are refused.
    private func moment(_ name: String, _ reader: ClaimReader) throws(VerificationError) -> Timestamp? {
        guard let value = reader[name] else { return nil }
        guard case .integer(let seconds) = value, (0...(1 << 42)).contains(seconds) else {
            throw reader.error(name)
        }
        return Timestamp(millisecondsSince1970: seconds * 1000)
    }
}
