package import CacheStores

/// The members of an introspection response (RFC 7662 §2.2), read strictly.
package enum IntrospectionAnswer {
    /// What a response says of a token.
    ///
    /// - Parameters:
    ///   - claims: the members of the response's JSON object.
    ///   - verifiedAt: when the question began.
    ///   - scopeClaim: the member that holds the scopes.
    /// - Returns: the verdict.
    /// - Throws: ``VerificationError`` with the reason `malformedAnswer` for anything that leaves room for doubt; the
    ///   detail names the member. A member that is null is an absent one (§2.2), except `active`.
    package static func verdict(
        _ claims: Claims,
        verifiedAt: Timestamp,
        scopeClaim: String = "scope"
    ) throws(VerificationError) -> Verdict {
        let reader = ClaimReader(claims, flaw: .malformedAnswer, ignoresNull: true)
        guard case .boolean(let isActive) = claims["active"] else { throw reader.error("active") }
        guard isActive else { return .refused }
        var content = VerifiedToken.Content(verifiedAt: verifiedAt, claims: claims)
        content.subject = name(claims["sub"])
        content.clientID = name(claims["client_id"])
        content.username = claims["username"]?.string
        content.issuer = claims["iss"]?.string
        content.orderedScopes = try reader.texts(scopeClaim, splitting: words)?.filter { !$0.isEmpty }
        content.audiences = try reader.texts("aud") { [$0] } ?? []
        content.issuedAt = try moment("iat", reader)
        content.notBefore = try moment("nbf", reader)
        content.expiry = try moment("exp", reader)
        return .accepted(VerifiedToken(content), cacheable: true)
    }

    /// A subject or a client that is a number is its text; of another type, it is as if there were none.
    private static func name(_ value: ClaimValue?) -> String? {
        switch value {
        case .string(let text), .largeInteger(let text): text
        case .integer(let number): String(number)
        default: nil
        }
    }

    private static func words(of text: String) -> [String] {
        var words: [String] = []
        var text = text
        text.withUTF8 { bytes in
            var rest = bytes[...]
            while let start = rest.firstIndex(where: { !isSpace($0) }) {
                let end = rest[start...].firstIndex(where: isSpace) ?? rest.endIndex
                words.append(String(decoding: rest[start..<end], as: UTF8.self))
                rest = rest[end...]
            }
        }
        return words
    }

    /// Whether a byte separates words in a list of scopes.
    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }

    /// Seconds since 1970, as any number or as the text of one; too large a number is the end of time.
    ///
    /// Milliseconds can't be told from seconds of a later age, so they count as seconds: the token then lives for the
    /// time to live.
    private static func moment(
        _ name: String,
        _ reader: ClaimReader
    ) throws(VerificationError) -> Timestamp? {
        guard var value = reader[name] else { return nil }
        if let text = value.string {
            guard let number = try? JSONParser.value(of: Array(text.utf8)) else { throw reader.error(name) }
            value = number
        }
        guard let moment = timestamp(value) else { throw reader.error(name) }
        return moment
    }

    /// The moment that a number of seconds names, rounded down to a whole second.
    private static func timestamp(_ value: ClaimValue) -> Timestamp? {
        switch value {
        case .integer(let seconds):
            let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
            guard !overflow else { return seconds < 0 ? .distantPast : .distantFuture }
            return Timestamp(millisecondsSince1970: milliseconds)
        case .number(let seconds): return Timestamp(secondsSince1970: seconds.rounded(.down))
        case .largeInteger(let digits): return digits.hasPrefix("-") ? .distantPast : .distantFuture
        default: return nil
        }
    }
}
