import CacheStores
import CacheStoresTesting
import Testing
import TokenVerification

/// A manual clock, and what most tests need around it.
struct Scene: Sendable {
    let clock = ManualClock()

    var wallClock: WallClock { WallClock(clock) }

    var options: TokenCacheOptions {
        var options = TokenCacheOptions()
        options.clock = wallClock
        // Deadlines go by the machine's clock, and on a busy machine a short one passes too early.
        options.store.deadline = .seconds(60)
        options.store.removalDeadline = .seconds(60)
        options.deadline = .seconds(240)
        return options
    }

    /// The same options, with marks that end tokens.
    var revokingOptions: TokenCacheOptions {
        var options = options
        options.revocation.isOn = true
        options.breaker.threshold = 1_000
        return options
    }

    /// An authority that accepts every token.
    func accepting(
        identity: AuthorityIdentity = AuthorityIdentity(kind: "scripted", parameters: [:]),
        life: Duration? = nil,
        scopes: Set<String>? = ["read"],
        isCacheable: Bool = true
    ) -> ScriptedAuthority {
        ScriptedAuthority(identity: identity) { [self] token in
            .accepted(answer(to: token, life: life, scopes: scopes), cacheable: isCacheable)
        }
    }

    /// What an authority says of a token: its subject is the token's text, to tell answers apart.
    func answer(
        to token: BearerToken,
        life: Duration? = nil,
        scopes: Set<String>? = ["read"]
    ) -> VerifiedToken {
        var content = VerifiedToken.Content(verifiedAt: clock.now, claims: Claims(["n": .integer(1)]))
        content.subject = "subject of " + token.text
        content.scopes = scopes
        content.expiry = life.map { clock.now.advanced(by: $0) }
        return VerifiedToken(content)
    }

    /// A verifier whose cache lies over a store of bytes, as a process of its own has one.
    func verifier<Authority: TokenAuthority>(
        _ authority: Authority,
        over store: any CacheStore<[UInt8]>,
        options: TokenCacheOptions? = nil,
        timeToLive: Duration? = .seconds(300),
        sealing: Sealing? = nil,
        near: Duration? = nil,
        requiring requirements: TokenRequirements = .none
    ) throws -> AuthorityTokenVerifier<Authority> {
        let cache = try TokenCache(
            store: store,
            timeToLive: timeToLive,
            sealing: sealing ?? .secret(secret(1)),
            options: (options ?? self.options).near(near)
        )
        return try AuthorityTokenVerifier(authority: authority, requiring: requirements, cache: cache)
    }

    /// A verifier with a cache in memory, or with another one.
    func verifier(
        _ authority: ScriptedAuthority,
        _ cache: TokenCache? = nil
    ) throws -> AuthorityTokenVerifier<ScriptedAuthority> {
        try AuthorityTokenVerifier(authority: authority, cache: cache ?? self.cache(.memory))
    }

    /// A cache of each kind that keeps answers without leaving the process.
    func cache(
        _ kind: CacheKind,
        timeToLive: Duration? = .seconds(300),
        options: TokenCacheOptions? = nil
    ) throws -> TokenCache {
        let options = options ?? self.options
        let memory = try MemoryStore<VerifiedToken>(capacity: 100, clock: wallClock)
        switch kind {
        case .memory: return try TokenCache(timeToLive: timeToLive, capacity: 100, options: options)
        case .values:
            return try TokenCache(
                store: ValueStore(wrapped: memory),
                timeToLive: timeToLive,
                options: options
            )
        case .sealed, .near:
            return try TokenCache(
                store: MemoryStore<[UInt8]>(capacity: 100, clock: wallClock),
                timeToLive: timeToLive,
                sealing: .secret(secret(1)),
                options: options.near(kind == .near ? .seconds(5) : nil)
            )
        }
    }
}

extension TokenCacheOptions {
    /// The same options, with copies that this process keeps for a while.
    func near(_ life: Duration?) -> Self {
        var options = self
        options.near.life = life
        return options
    }
}

extension Verification.Source {
    /// Whether no authority was asked.
    var isHit: Bool { self == .memory || self == .store }
}

enum CacheKind: CaseIterable {
    case memory, values, sealed, near
}

/// A secret that differs from those of other numbers.
func secret(_ number: UInt8) throws -> SealingSecret {
    try SealingSecret([UInt8](repeating: number, count: 32))
}

extension AuthorityTokenVerifier {
    /// Verifies a token given as text, and tells where the answer came from.
    func source(_ text: String) async throws -> Verification.Source {
        try await verification(of: BearerToken(text)).source
    }
}

/// Expects a verification to fail for a reason.
func expect(
    _ reason: VerificationError.Reason,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ operation: () async throws -> some Sendable
) async {
    let error = await #expect(throws: VerificationError.self, sourceLocation: sourceLocation) {
        _ = try await operation()
    }
    #expect(error?.reason == reason, sourceLocation: sourceLocation)
}
