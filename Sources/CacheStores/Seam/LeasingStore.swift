/// A store in which one process can tell the others that it is at work on a key, so that they wait for the result.
///
/// A lease is short and advisory: entries are read and written as if there were none. It does not count towards
/// capacity, ``CacheStore/removeAll(holding:)`` leaves it alone, and it vanishes by itself.
public protocol LeasingStore: Sendable {
    /// Takes the lease on a key, or prolongs it for its present holder.
    ///
    /// - Parameters:
    ///   - key: the key.
    ///   - holder: the holder that is at work.
    ///   - duration: for how long, from now on. A fraction of a millisecond counts as a whole one; a lease of no
    ///     length, or less, ends at once.
    /// - Returns: whether the holder has the lease; `false` while another one's has not ended.
    /// - Throws: ``StoreError``, or `CancellationError`.
    func acquireLease(
        for key: CacheKey,
        as holder: LeaseHolder,
        lasting duration: Duration
    ) async throws -> Bool

    /// Gives the lease on a key back before its end, if the holder still has it; another one's stays.
    ///
    /// - Throws: ``StoreError``, or `CancellationError`.
    func releaseLease(for key: CacheKey, as holder: LeaseHolder) async throws
}
