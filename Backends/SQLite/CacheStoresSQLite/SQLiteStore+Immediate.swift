package import CacheStores

extension SQLiteStore: ImmediateStore {
    package func immediateEntry(for key: CacheKey) throws -> CacheEntry<[UInt8]>?? {
        try Task.checkCancellation()
        guard let reader = try pool.take() else { return nil }
        do throws(SQLiteFailure) {
            guard reader.isCurrent() else {
                pool.drop(reader)
                return nil
            }
            let entry = try reader.entry(for: key, clock: clock)
            pool.put(reader)
            return .some(entry)
        } catch {
            // Whatever it is, the thread that may wait and mend meets it again.
            pool.put(reader)
            return nil
        }
    }
}
