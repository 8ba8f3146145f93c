import CacheStores
import CacheStoresRedis
import Synchronization
import TokenVerification
import TokenVerificationTestSupport

/// A load of logins through a store, which counts failures.
final class Logins: Sendable {
    private struct Authority: TokenAuthority {
        let identity = AuthorityIdentity(kind: "test", parameters: [:])
        let deadline: Duration = .seconds(10)

        func verdict(on token: BearerToken, clock: WallClock) async throws(VerificationError) -> Verdict {
            .accepted(VerifiedToken(.init(verifiedAt: WallClock.system.now)), cacheable: true)
        }
    }

    private let verifier: AuthorityTokenVerifier<Authority>
    private let failures = Mutex(0)

    init(through store: RedisStore) throws {
        var options = TokenCacheOptions(logger: Sample.logger)
        options.store.isShutDownWithCache = false
        let cache = try TokenCache(
            store: store,
            timeToLive: .seconds(600),
            sealing: .tokenOnly,
            options: options
        )
        verifier = try AuthorityTokenVerifier(authority: Authority(), cache: cache)
    }

    /// How many logins failed.
    var failureCount: Int { failures.withLock { $0 } }

    /// Whether the store answers twenty logins in a row.
    func areHits() async throws -> Bool {
        for number in 0..<20 where try await !isHit(number) { return false }
        return true
    }

    /// Logs in with sixteen tokens at once until the task is cancelled.
    func goOn() async {
        await withTaskGroup { group in
            for number in 0..<16 {
                group.addTask {
                    while !Task.isCancelled {
                        do {
                            _ = try await self.isHit(number)
                        } catch {
                            if !Task.isCancelled { self.failures.withLock { $0 += 1 } }
                        }
                        // A pause of a millisecond leaves CPU time for the servers.
                        try? await Task.sleep(for: .milliseconds(1))
                    }
                }
            }
        }
    }

    private func isHit(_ number: Int) async throws -> Bool {
        try await verifier.verification(of: BearerToken("token-\(number)")).source == .store
    }
}
