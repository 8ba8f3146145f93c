import CacheStores
import CacheStoresSQLite
import Foundation
import StoreProcesses
import Testing
import TokenVerification
import TokenVerificationJWT
import TokenVerificationTestSupport

/// Processes that are killed (`SIGKILL`) as soon as they have revoked a token.
@Suite(.timeLimit(.minutes(10)))
struct KilledProcessTests {
    private let place: TemporaryDirectory
    private let key: TestKey

    init() throws {
        place = try TemporaryDirectory()
        key = try TestKey()
    }

    private func store() throws -> SQLiteStore {
        try SQLiteStore(path: place.path + "/cache.db", deadline: .seconds(60))
    }

    private func verifier(over store: SQLiteStore) throws -> AuthorityTokenVerifier<JWTIssuer> {
        var options = TokenCacheOptions()
        options.revocation.isOn = true
        options.store.deadline = .seconds(60)
        let cache = try TokenCache(
            store: store,
            timeToLive: .seconds(300),
            sealing: .secret(Sample.sealingSecret),
            options: options
        )
        let keys = JSONWebKeySource(try keySet(key.json()))
        let issuer = try JWTIssuer(issuerName, audiences: .oneOf([audience]), keys: keys)
        return try AuthorityTokenVerifier(authority: issuer, cache: cache)
    }

    private func token(_ number: Int) throws -> String {
        let now = WallClock.system.now.millisecondsSince1970 / 1000
        return try key.token(
            payload: payload(["iat": "\(now)", "exp": "\(now + 3600)", "sub": #""user-\#(number)""#])
        )
    }

    /// Whether another process's store is open meanwhile decides whether the log is read anew.
    @Test(arguments: [true, false])
    func `a revocation that was confirmed survives`(isOpenElsewhere: Bool) async throws {
        let witness = isOpenElsewhere ? try store() : nil
        var revoked: [BearerToken] = []
        for number in 0..<10 {
            let child = try ChildProcess.storeProcess()
            #expect(try await child.ask("open \(place.path)/cache.db") == "ok")
            let token = try token(number)
            let keys = #"{"keys":[\#(try key.json())]}"#
            #expect(try await child.ask("revoke \(issuerName) \(keys) \(token)") == "ok")
            _ = try await child.killed()
            revoked.append(try BearerToken(token))

            let store = try witness ?? store()
            let verifier = try verifier(over: store)
            for token in revoked {
                await #expect(throws: VerificationError(.revoked)) { try await verifier.verify(token) }
            }
            _ = try await verifier.verify(BearerToken(self.token(-1 - number)))
            if witness == nil { await store.shutdown() }
        }
        await witness?.shutdown()
    }
}
