/// A store that enforces the time limit of a lookup itself.
///
/// A limit from outside costs a task and a timer, which a store with a timer of its own saves. Only the outermost store
/// may be asked: asking one that it wraps would bypass the wrapper.
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
