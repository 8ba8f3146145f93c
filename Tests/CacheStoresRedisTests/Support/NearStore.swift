import CacheStores
import TokenVerificationTestSupport

/// A far store behind near copies whose life does not end during a test, used as a token cache uses them.
struct NearStore: Sendable {
    private let far: CountingStore
    private let near: NearTier<[UInt8]>
    private let listener: InvalidationListener?

    init(over far: CountingStore) throws {
        let channel = far.ability((any InvalidatingStore).self)
        near = try NearTier(life: .seconds(3_600), capacity: 1_000, hasNotices: channel != nil)
        self.far = far
        listener = channel.map { [near] in InvalidationListener(to: $0, keeping: near) }
    }

    func entry(for key: CacheKey) async throws -> CacheEntry<[UInt8]>? {
        let now = WallClock.system.now
        if let copy = near.entry(for: key, at: now) { return copy }
        let fill = near.beginFill(for: key)
        let entry = try await far.entry(for: key)
        if let entry, let fill { near.fill(entry, for: key, with: fill, at: now) }
        return entry
    }

    func shutdown() async {
        await listener?.stop()
        await far.shutdown()
    }
}
