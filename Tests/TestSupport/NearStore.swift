package import CacheStores

/// A far store behind near copies, used as a token cache uses them.
package struct NearStore: Sendable {
    package let far: any CacheStore<[UInt8]>
    private let near: NearTier<[UInt8]>
    private let clock: WallClock
    private let listener: InvalidationListener?

    package init(
        over far: any CacheStore<[UInt8]>,
        life: Duration = .seconds(5),
        capacity: Int = 10,
        clock: WallClock = .system,
        lifeClock: WallClock = .system
    ) throws {
        let channel = far.ability((any InvalidatingStore).self)
        near = try NearTier(
            life: life,
            capacity: capacity,
            hasNotices: channel != nil,
            clock: lifeClock.intervals
        )
        self.far = far
        self.clock = clock
        listener = channel.map { [near] in InvalidationListener(to: $0, keeping: near) }
    }

    package func entry(for key: CacheKey) async throws -> CacheEntry<[UInt8]>? {
        if let copy = near.entry(for: key, at: clock.now) { return copy }
        let fill = near.beginFill(for: key)
        let entry = try await far.entry(for: key)
        if let entry, let fill { near.fill(entry, for: key, with: fill, at: clock.now) }
        return entry
    }

    package func setEntry(
        _ entry: CacheEntry<[UInt8]>,
        for key: CacheKey,
        asked: Timestamp? = nil
    ) async throws {
        near.beginWrite(key)
        defer { near.invalidate(key) }
        try await far.setEntry(entry, for: key, asked: asked, before: nil)
    }

    package func removeEntry(for key: CacheKey, holding hold: Duration = .zero) async throws {
        near.invalidate(key)
        defer { near.invalidate(key) }
        try await far.removeEntry(for: key, holding: hold)
    }

    package func removeAll() async throws {
        near.invalidateEverything()
        defer { near.invalidateEverything() }
        try await far.removeAll()
    }

    package func shutdown() async {
        await listener?.stop()
        await far.shutdown()
    }
}
