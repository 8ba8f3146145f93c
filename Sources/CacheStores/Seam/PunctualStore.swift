/// A store that itself keeps the time that a lookup is given.
///
/// Guarding a lookup from outside costs a task and a timer, which a store that has a timer of its own need not pay
/// for. Whoever uses this ability asks the store at hand, never one that it wraps: the wrapper would be passed over.
package protocol PunctualStore<Value>: CacheStore {
    /// The live entry for a key, or `nil`.
    ///
    /// - Parameters:
    ///   - key: the entry's key.
    ///   - limit: how long it may take; the store's own deadline holds too.
    /// - Returns: the answer of ``CacheStore/entry(for:)``.
    /// - Throws: `StoreError`, of code `timedOut` when the time is over, or at once `CancellationError`.
    func entry(for key: CacheKey, within limit: Duration) async throws -> CacheEntry<Value>?
}
