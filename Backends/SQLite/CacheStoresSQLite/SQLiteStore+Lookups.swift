public import CacheStores
import CacheStoresWaiting

extension SQLiteStore {
    public func entry(for key: CacheKey) async throws -> CacheEntry<[UInt8]>? {
        try await entry(for: key, within: deadline)
    }

    public func entry(for key: CacheKey, within limit: Duration) async throws -> CacheEntry<[UInt8]>? {
        switch try immediateEntry(for: key) {
        case .found(let entry): return entry
        case .absent: return nil
        case .mustWait:
            return try await ask(within: limit) { [clock] (reader) throws(SQLiteFailure) in
                try reader.entry(for: key, clock: clock)
            }
        }
    }

    public func immediateEntry(for key: CacheKey) throws -> Lookup<CacheEntry<[UInt8]>> {
        try Task.checkCancellation()
        guard let reader = try pool.take() else { return .mustWait }
        do throws(SQLiteFailure) {
            let now = ContinuousClock.now
            guard reader.isCurrent(at: now) else {
                pool.drop(reader)
                return .mustWait
            }
            let entry = try reader.entry(for: key, clock: clock)
            let isFast = reader.noteLookup(at: now)
            pool.put(reader)
            if isFast { lockHolder.hold() }
            return Lookup(entry)
        } catch {
            // The lookup is repeated on a thread that may wait, and that replaces a damaged file.
            pool.put(reader)
            return .mustWait
        }
    }
}
