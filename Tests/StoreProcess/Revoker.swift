import CacheStores
import StoreProcesses
import TokenVerification
import TokenVerificationJWT
import TokenVerificationTestSupport

/// Revokes a signed token in a store.
struct Revoker {
    private struct Misunderstanding: Error {}

    private let token: BearerToken
    private let issuer: JWTIssuer

    /// - Parameter words: the issuer, its key set as JSON without spaces, and the token.
    /// - Throws: an error if the words make no sense.
    init(_ words: some Collection<String>) throws {
        let words = Array(words)
        guard words.count == 3 else { throw Misunderstanding() }
        let keys = try JSONWebKeySet(json: Array(words[1].utf8))
        issuer = try JWTIssuer(words[0], audiences: .any, keys: JSONWebKeySource(keys))
        token = try BearerToken(words[2])
    }

    /// Returns when the store has confirmed the mark.
    func revoke(in store: any CacheStore<[UInt8]>) async throws {
        var options = TokenCacheOptions()
        options.revocation.isOn = true
        options.store.removalDeadline = .seconds(60)
        let cache = try TokenCache(
            store: store,
            timeToLive: .seconds(300),
            sealing: .secret(Sample.sealingSecret),
            options: options
        )
        _ = try AuthorityTokenVerifier(authority: issuer, cache: cache)
        try await cache.revoke(token)
    }
}
