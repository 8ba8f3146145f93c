package import CacheStores

extension SQLiteStore: ImmediateStore {
    package func immediateEntry(for key: CacheKey) throws -> CacheEntry<[UInt8]>?? {
        try Task.checkCancellation()
        guard let reader = try pool.take() else { return nil }
        do throws(SQLiteFailure) {
            let now = WallClock.monotonic.now
            guard reader.isCurrent(at: now) else {
                pool.drop(reader)
                return nil
            }
            let entry = try reader.entry(for: key, clock: clock)
            let isFast = reader.notePace(at: now)
            pool.put(reader)
            if isFast { lockHolder.hold() }
            return .some(entry)
        } catch {
            // The lookup is repeated on a thread that may wait, and that replaces a damaged file.
            pool.put(reader)
            return nil
        }
    }
}
