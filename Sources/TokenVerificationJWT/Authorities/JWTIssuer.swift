public import CacheStores
public import TokenVerification

/// An issuer of signed access tokens (RFC 7519, RFC 9068): verifies them by the issuer's keys.
///
/// ```swift
/// let issuer = try JWTIssuer("https://issuer.example", audiences: .oneOf(["https://api.example"]))
/// let verifier = try AuthorityTokenVerifier(authority: issuer, cache: cache)
/// ```
///
/// The rules of RFC 8725 hold: an explicit list of asymmetric algorithms; the exact issuer; an expiry; an audience,
/// unless that is waived; one canonical spelling. A token that breaks one is an `invalidToken` with a reason of its own.
/// Keys that can't be had are `unavailable`, never a refusal. The beginning of a token's life is checked by
/// `TokenRequirements` on every use, with its leeway; the expiry has no leeway.
public struct JWTIssuer: SignedTokenAuthority {
    /// The claim of a `VerifiedToken` that holds the thumbprint of the key that signed it (RFC 7638, RFC 9278).
    ///
    /// It replaces a claim of that name in the token.
    public static let thumbprintClaim = "urn:ietf:params:oauth:jwk-thumbprint:sha-256"

    /// The algorithms that are accepted by default: all that are known here.
    public static let defaultAlgorithms = Set(SigningAlgorithm.allCases)

    public let identity: AuthorityIdentity
    /// The issuer, as its tokens have it in `iss`.
    public let issuer: String
    /// The issuer's keys.
    public let keys: JSONWebKeySource
    public let longestLife: Duration

    private let audiences: JWTAudiences
    private let algorithms: Set<SigningAlgorithm>
    private let isStrict: Bool
    private let scopeClaim: String?

    /// How many keys a token that names none is tried with.
    private static let maximumTrials = 16

    /// Describes an issuer; nothing is fetched yet.
    ///
    /// - Parameters:
    ///   - issuer: the issuer, compared byte by byte with `iss`.
    ///   - audiences: the audiences of this server.
    ///   - algorithms: the algorithms that are accepted.
    ///   - keys: the issuer's keys; `nil` to discover them by the issuer's metadata.
    ///   - requiresProfile: whether tokens must follow RFC 9068 to the letter: the type `at+jwt`, and the claims `sub`,
    ///     `client_id`, `iat` and `jti`.
    ///   - scopeClaim: the claim that holds the scopes, such as `permissions`; `nil` for `scope`, or else `scp`.
    ///   - longestLife: the longest time from `iat` to `exp` of this issuer's tokens, greater than zero. It counts where
    ///     marks are used: a token that lives longer, or has no `iat`, is refused, since marks on its subject would end
    ///     before it.
    /// - Throws: `ConfigurationError` for an argument that can't work.
    public init(
        _ issuer: String,
        audiences: JWTAudiences,
        algorithms: Set<SigningAlgorithm> = JWTIssuer.defaultAlgorithms,
        keys: JSONWebKeySource? = nil,
        requiresProfile: Bool = false,
        scopeClaim: String? = nil,
        longestLife: Duration = .seconds(86_400)
    ) throws {
        guard scopeClaim?.isEmpty != true else { throw ConfigurationError("scopeClaim must not be empty") }
        guard !issuer.isEmpty else { throw ConfigurationError("the issuer must not be empty") }
        guard !algorithms.isEmpty else { throw ConfigurationError("the algorithms must not be empty") }
        guard longestLife > .zero else {
            throw ConfigurationError("longestLife must be greater than zero, not \(longestLife)")
        }
        var traits = ["issuer": issuer]
        switch audiences {
        case .any: traits["audiences"] = "any"
        case .oneOf(let names):
            guard !names.isEmpty, !names.contains(where: \.isEmpty) else {
                throw ConfigurationError(
                    "the audiences must not be empty; use .any to accept tokens for any server"
                )
            }
            let sorted = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            for (index, name) in sorted.enumerated() { traits["audience \(index)"] = name }
        }
        let keys = try keys ?? JSONWebKeySource(discovering: issuer)
        traits["algorithms"] = algorithms.map(\.description).sorted().joined(separator: " ")
        traits["profile"] = requiresProfile ? "rfc9068" : "any"
        traits["keys"] = keys.name
        traits["scopes"] = scopeClaim
        identity = AuthorityIdentity(kind: "jwt", parameters: traits)
        self.issuer = issuer
        self.audiences = audiences
        self.algorithms = algorithms
        self.keys = keys
        isStrict = requiresProfile
        self.scopeClaim = scopeClaim
        self.longestLife = longestLife
    }

    public var deadline: Duration { keys.deadline + .seconds(5) }

    public func verdict(on token: BearerToken, clock: WallClock) async throws(VerificationError) -> Verdict {
        .accepted(try await verified(SignedToken(token), clock: clock), cacheable: true)
    }

    public var markScope: String { issuer }

    public func signedPart(of token: BearerToken) -> [UInt8] { SignedToken.signingInput(of: token) }

    public func signedToken(
        _ token: BearerToken,
        clock: WallClock
    ) async throws(VerificationError) -> VerifiedToken {
        guard SignedToken.hasThreeParts(token) else { throw VerificationError(.notSigned) }
        return try await verified(SignedToken(token), clock: clock)
    }

    private func verified(
        _ signed: SignedToken,
        clock: WallClock
    ) async throws(VerificationError) -> VerifiedToken {
        let start = clock.now
        let header = try JWTHeader(signed.header, accepting: algorithms, needsAccessTokenType: isStrict)
        // Before the key, so that an old token of a removed key costs no fetch.
        var content = try JWTClaims(payload: signed.payload).content(
            verifiedAt: start,
            scopeClaim: scopeClaim
        )
        try check(content, at: start)
        let key = try await keys.find { keys throws(VerificationError) in
            try Self.signer(of: signed, header, among: keys)
        }
        var claims = signed.payload.members
        claims[ExactText(Self.thumbprintClaim)] = .string(key.thumbprint)
        content.claims = Claims(claims)
        return VerifiedToken(content)
    }

    public var checksKeptAnswers: Bool { true }

    /// Checks that the key that signed a token is still the issuer's.
    ///
    /// - Parameter answer: an answer of this issuer.
    /// - Throws: `VerificationError`: `unknownKey` if the key has left the set, as a new fetch shows; an error of code
    ///   `unavailable` if the keys can't be had or can't be fetched again yet.
    public func checkKept(_ answer: VerifiedToken) async throws(VerificationError) {
        guard let thumbprint = answer.claims[Self.thumbprintClaim]?.string else {
            throw VerificationError(.unknownKey)
        }
        try await keys.find { keys throws(VerificationError) in
            keys.contains(thumbprint: thumbprint) ? () : nil
        }
    }

    private func check(_ content: VerifiedToken.Content, at now: Timestamp) throws(VerificationError) {
        guard let named = content.issuer, named.utf8.elementsEqual(issuer.utf8) else {
            throw VerificationError(.wrongIssuer)
        }
        guard let expiry = content.expiry else {
            throw VerificationError(.unreadable, detail: .member("exp"))
        }
        guard now < expiry else { throw VerificationError(.expired) }
        if case .oneOf(let accepted) = audiences {
            let isMeant = accepted.contains { wanted in
                content.audiences.contains { $0.utf8.elementsEqual(wanted.utf8) }
            }
            guard isMeant else { throw VerificationError(.wrongAudience) }
        }
        guard isStrict else { return }
        for name in ["sub", "client_id", "iat", "jti", "aud"] where content.claims[name] ?? .null == .null {
            throw VerificationError(.unreadable, detail: .member(name))
        }
    }

    /// The key that signed a token; `nil` if it is not in the set.
    private static func signer(
        of token: SignedToken,
        _ header: JWTHeader,
        among keys: JSONWebKeySet
    ) throws(VerificationError) -> JSONWebKey? {
        let candidates = keys.candidates(for: header.algorithm, named: header.keyID).prefix(maximumTrials)
        let signer = candidates.first {
            $0.verifies(token.signature, of: token.signingInput, by: header.algorithm)
        }
        // A token that names no key may be of one that is not known yet.
        if signer == nil, header.keyID != nil, !candidates.isEmpty { throw VerificationError(.badSignature) }
        return signer
    }
}

extension JWTIssuer: SharingAuthority {
    package func share(through records: SharedRecords) { keys.share(through: records) }
}
