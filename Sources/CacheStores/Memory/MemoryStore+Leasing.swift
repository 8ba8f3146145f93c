extension MemoryStore: LeasingStore {
    public func acquireLease(
        for key: CacheKey,
        as holder: LeaseHolder,
        lasting duration: Duration
    ) async throws -> Bool {
        try core.withLeases { leases in
            let now = clock.now
            let end = now.end(of: duration).millisecondsSince1970
            return leases.acquire(key, as: holder, until: end, now: now.millisecondsSince1970)
        }
    }

    public func releaseLease(for key: CacheKey, as holder: LeaseHolder) async throws {
        try core.withLeases { $0.release(key, as: holder) }
    }
}
