import CacheStores
import TokenVerification

/// A store that can do what every store can, and nothing else; it keeps nothing.
struct PlainStore: CacheStore {
    func entry(for key: CacheKey) async throws -> CacheEntry<VerifiedToken>? { nil }

    @discardableResult
    func setEntry(
        _ entry: CacheEntry<VerifiedToken>,
        for key: CacheKey,
        asked: Timestamp?,
        before end: Timestamp?
    ) async throws -> Int { 0 }

    var now: Timestamp? { WallClock.system.now }

    @discardableResult
    func removeEntry(for key: CacheKey, holding hold: Duration) async throws -> Bool { false }

    func removeAll(holding hold: Duration) async throws {}
    func count() async throws -> Int { 0 }
    func capacity() async throws -> Int { 0 }
    func shutdown() async {}
}
