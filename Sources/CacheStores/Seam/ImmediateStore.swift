/// A store that can often answer a lookup on the caller's thread, without waiting for anything.
///
/// A lookup that may wait has to be guarded by a deadline, and the guard costs more than such a lookup. Only the
/// outermost store may be asked: asking one that it wraps would bypass the wrapper.
package protocol ImmediateStore<Value>: CacheStore {
    /// The live entry for a key, if that is known without waiting.
    ///
    /// - Parameter key: the entry's key.
    /// - Returns: the answer of ``CacheStore/entry(for:)``; `nil` if that would wait.
    /// - Throws: `StoreError`, or `CancellationError`.
    func immediateEntry(for key: CacheKey) throws -> CacheEntry<Value>??
}
