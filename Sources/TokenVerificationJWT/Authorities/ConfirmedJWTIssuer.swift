public import CacheStores
public import TokenVerification

/// An issuer of signed tokens whose word a second authority confirms, such as its introspection endpoint.
///
/// The signature is checked first, so forged tokens cost the endpoint nothing. Both answers are kept as one, under an
/// identity of its own: for servers that need the issuer's revocation.
///
/// The token's claims count, and the endpoint adds those that the token lacks. The earlier expiry counts, and of the
/// scopes only those that both name, where both name any. Two different subjects are a refusal.
public struct ConfirmedJWTIssuer<Endpoint: TokenAuthority>: SignedTokenAuthority, QuickCheckingAuthority {
    public let identity: AuthorityIdentity
    /// The issuer whose keys verify the signature.
    public let issuer: JWTIssuer
    /// The authority that confirms what the issuer signed.
    public let endpoint: Endpoint

    init(issuer: JWTIssuer, endpoint: Endpoint) {
        self.issuer = issuer
        self.endpoint = endpoint
        var traits = ["confirmed by": endpoint.identity.kind]
        for (name, value) in issuer.identity.parameters { traits["issuer " + name] = value }
        for (name, value) in endpoint.identity.parameters { traits["endpoint " + name] = value }
        identity = AuthorityIdentity(kind: "jwt-confirmed", parameters: traits)
    }

    public var deadline: Duration { issuer.deadline + endpoint.deadline }

    public var markScope: String { issuer.markScope }

    public var longestLife: Duration { issuer.longestLife }

    public func signedPart(of token: BearerToken) -> [UInt8] { issuer.signedPart(of: token) }

    public func signedToken(
        _ token: BearerToken,
        clock: WallClock
    ) async throws(VerificationError) -> VerifiedToken {
        try await issuer.signedToken(token, clock: clock)
    }

    public var answersCanChange: Bool { endpoint.answersCanChange }

    public var limitsEachToken: Bool { endpoint.limitsEachToken }

    public func verdict(on token: BearerToken, clock: WallClock) async throws(VerificationError) -> Verdict {
        guard case .accepted(let signed, _) = try await issuer.verdict(on: token, clock: clock) else {
            return .refused
        }
        guard
            case .accepted(let confirmed, let isCacheable) = try await endpoint.verdict(
                on: token,
                clock: clock
            )
        else {
            return .refused
        }
        if let subject = confirmed.subject, let signed = signed.subject,
            !subject.utf8.elementsEqual(signed.utf8)
        {
            return .refused
        }
        var content = signed.content
        content.claims = Self.merged(signed.claims, confirmed.claims)
        if let moment = confirmed.notBefore { content.notBefore = max(content.notBefore ?? moment, moment) }
        if let expiry = confirmed.expiry { content.expiry = content.expiry.map { min($0, expiry) } ?? expiry }
        content.username = content.username ?? confirmed.username
        content.clientID = content.clientID ?? confirmed.clientID
        switch (signed.orderedScopes, confirmed.orderedScopes) {
        case (let scopes?, .some): content.orderedScopes = scopes.filter { confirmed.hasScope($0) }
        case (nil, let scopes): content.orderedScopes = scopes
        case (.some, nil): break
        }
        return .accepted(VerifiedToken(content), cacheable: isCacheable)
    }

    /// The claims of both; those of the token count, but for what the endpoint says of the token's kind.
    private static func merged(_ signed: Claims, _ confirmed: Claims) -> Claims {
        var members = confirmed.members.merging(signed.members) { $1 }
        for name in ["cnf", "typ", "token_type", "token_use", "token_usage"] as [ExactText] {
            // A `cnf` without members says nothing.
            guard let value = confirmed.members[name], value != .null,
                value.object?.values.contains(where: { $0 != .null }) ?? true
            else { continue }
            members[name] = value
        }
        return Claims(members)
    }

    public var checksKeptAnswers: Bool { issuer.checksKeptAnswers || endpoint.checksKeptAnswers }

    package func holdsForCertain(_ answer: VerifiedToken) -> Bool {
        !endpoint.checksKeptAnswers && issuer.holdsForCertain(answer)
    }

    public func checkKept(_ answer: VerifiedToken) async throws(VerificationError) {
        try await issuer.checkKept(answer)
        try await endpoint.checkKept(answer)
    }
}

extension ConfirmedJWTIssuer: SharingAuthority {
    package func share(through records: SharedRecords) {
        issuer.share(through: records)
        (endpoint as? any SharingAuthority)?.share(through: records)
    }
}

extension JWTIssuer {
    /// An authority that accepts a token only if another one accepts it as well.
    ///
    /// - Parameter endpoint: what is asked about tokens whose signature is right.
    /// - Returns: the authority.
    public func confirmed<Endpoint: TokenAuthority>(by endpoint: Endpoint) -> ConfirmedJWTIssuer<Endpoint> {
        ConfirmedJWTIssuer(issuer: self, endpoint: endpoint)
    }
}
