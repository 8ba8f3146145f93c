import TokenVerification

/// The header of a signed token (RFC 7515 §4), checked by the rules of RFC 8725.
///
/// `jku` and `x5u` are never followed: some issuers send them in every token. A key in the header (`jwk`) would let a
/// token vouch for itself, and `crit`, `b64` and `zip` change what is signed, so these are refused.
struct JWTHeader {
    let algorithm: SigningAlgorithm
    let keyID: String?

    /// - Parameters:
    ///   - members: the header's members.
    ///   - algorithms: the algorithms that are accepted.
    ///   - needsAccessTokenType: whether `typ` must be `at+jwt` (RFC 9068 §4).
    /// - Throws: `VerificationError` of code `invalidToken`.
    init(
        _ members: Claims,
        accepting algorithms: Set<SigningAlgorithm>,
        needsAccessTokenType: Bool
    ) throws(VerificationError) {
        guard let algorithm = members["alg"]?.string.flatMap({ SigningAlgorithm($0) }),
            algorithms.contains(algorithm)
        else { throw VerificationError(.algorithmNotAllowed) }
        // A content type is for tokens that hold a token (RFC 7519 §5.2).
        for name in ["crit", "b64", "zip", "jwk", "enc", "cty"] where members[name] != nil {
            throw VerificationError(.wrongType, detail: .member(name))
        }
        let reader = ClaimReader(members, flaw: .unreadable)
        let type = try reader.text("typ").map(Self.mediaType)
        guard needsAccessTokenType ? type == "at+jwt" : [nil, "jwt", "at+jwt"].contains(type) else {
            throw VerificationError(.wrongType, detail: .member("typ"))
        }
        keyID = try reader.text("kid")
        self.algorithm = algorithm
    }

    /// A media type in lower case, without `application/`, which may be left out (RFC 7515 §4.1.9).
    private static func mediaType(_ text: String) -> String {
        let bytes = text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        let prefix = "application/".utf8
        return String(
            decoding: bytes.starts(with: prefix) ? bytes.dropFirst(prefix.count) : bytes[...],
            as: UTF8.self
        )
    }
}
