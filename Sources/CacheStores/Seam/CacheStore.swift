/// A bounded map whose entries expire, shared by all processes that open the same store.
///
/// Several server processes that open one store share its entries, its capacity and its order of eviction. So
/// that a program can trade one store for another, all of them keep the same contract; the module
/// `CacheStoresTesting` is its executable form.
///
/// 1. **Expired is absent.** An entry is live while `now < expiry`. No lookup, count or eviction sees an
///    expired one as live. *Now* is the store's: its injected clock, else the machine's, else its server's.
/// 2. **The bound is exact.** After any `setEntry` returns, in any process, the store holds at most
///    ``capacity()`` live entries. While a lowered capacity is being worked off it may hold more; then no write
///    adds a net entry, and each evicts a bounded number.
/// 3. **First in, first out.** At capacity the live entry that was first inserted longest ago goes. Lookups
///    never reorder.
/// 4. **Overwriting a live entry keeps its place** and evicts nothing. After expiry or removal a key starts
///    again at the tail.
/// 5. **The dead go first.** A live entry is evicted only when no expired one is left to drop.
/// 6. **Setting an expired entry** removes that key's entry, stores nothing and evicts nothing.
/// 7. **Every operation is atomic**, across tasks and processes; a lookup sees a whole entry or none.
///    ``removeAll(holding:)`` may take many steps: when it returns, nothing set before the call is left.
/// 8. **A removal is not undone by an older answer**, however long that answer was on its way.
///    - A removal leaves its moment behind for `holding`. While it is remembered, a write for that key (after
///      `removeAll`: for any key) has no effect unless its `asked` is more than ``removalMargin`` later than the
///      removal. A write without `asked` has none at all. Several removals of a key are remembered as one: the
///      latest moment, until the latest end.
///    - A write has no effect once the store's clock has reached its `before`.
///    - Both are judged by the store's clock in the same atomic step as the write. A write that has no effect
///      leaves an entry that is there as it is.
///    - Remembered removals don't count towards capacity and vanish by themselves. A removal that timed out may
///      still take effect.
/// 9. **Scope.** `removeAll` touches this store's namespace and nothing else.
/// 10. **Failure is a thrown** ``StoreError``, within the store's own deadline, with the store left as before
///     or as after, never a partial write. `CancellationError` passes through.
/// 11. **The capacity belongs to the store, not to the process.** A shared store records it with the data.
///     Opened with `nil`, a store adopts the recorded figure (10 000 if none); opened with another figure, it
///     changes it for all. 0 means that this process stores nothing, and is never recorded; a negative
///     capacity is an error at construction. Values are at most ``maximumValueSize`` bytes.
/// 12. **Cost.** Every operation but ``count()`` and `removeAll` is O(1) amortised or O(log n).
public protocol CacheStore<Value>: Sendable {
    /// What the store keeps under a key.
    ///
    /// A store that lies outside of the process keeps bytes, `[UInt8]`, of which it accepts ``maximumValueSize`` at
    /// most.
    associatedtype Value: Sendable

    /// The live entry for a key, or `nil`.
    ///
    /// - Throws: ``StoreError``, or `CancellationError`.
    func entry(for key: CacheKey) async throws -> CacheEntry<Value>?

    /// The live entry for a key, if the store can tell without waiting for a disk, a server or another task.
    ///
    /// A look-up that may wait is guarded by a time limit, and the guard costs more than a look-up in memory. So a caller
    /// asks here first, and goes on to ``entry(for:within:)`` only if the store must wait. By default it always must.
    /// A wrapper that leaves look-ups as they are passes this call on.
    ///
    /// - Parameter key: the entry's key.
    /// - Returns: what ``entry(for:)`` finds at this moment, or ``Lookup/mustWait``.
    /// - Throws: ``StoreError``, or `CancellationError`.
    func immediateEntry(for key: CacheKey) throws -> Lookup<CacheEntry<Value>>

    /// The live entry for a key, or `nil`, within a limit of the caller's.
    ///
    /// By default a timer of the module ends the wait. A store with a timer of its own saves the cost of that one. A wrapper
    /// that leaves look-ups as they are passes this call on.
    ///
    /// - Parameters:
    ///   - key: the entry's key.
    ///   - limit: how long the look-up may take; the store's own deadline holds too.
    /// - Returns: what ``entry(for:)`` finds.
    /// - Throws: ``StoreError``, of code ``StoreError/Code/timedOut`` at the limit or a little later, or at once
    ///   `CancellationError`.
    func entry(for key: CacheKey, within limit: Duration) async throws -> CacheEntry<Value>?

    /// Stores an entry, unless it has expired or rule 8 forbids it.
    ///
    /// An answer that a slow question brings may be older than a removal, and may arrive long after it. `asked`
    /// lets the store compare the two, and `before` bounds how long the store has to remember a removal: its
    /// `holding` must exceed `before − asked` of every writer.
    ///
    /// - Parameters:
    ///   - entry: the entry.
    ///   - key: the entry's key.
    ///   - asked: the store's time, see ``now``, when the question began that the entry answers; `nil` for an
    ///     entry that answers no question.
    ///   - end: the store's time from which on the write has no effect; `nil` for no bound.
    /// - Returns: how many live entries were evicted to make room.
    /// - Throws: ``StoreError``, or `CancellationError`.
    @discardableResult
    func setEntry(
        _ entry: CacheEntry<Value>,
        for key: CacheKey,
        asked: Timestamp?,
        before end: Timestamp?
    ) async throws -> Int

    /// Removes the entry for a key, and remembers the removal for a while.
    ///
    /// - Parameters:
    ///   - key: the entry's key.
    ///   - hold: for how long the removal is remembered, see rule 8. A fraction of a millisecond counts as a whole
    ///     one; zero or less leaves nothing behind.
    /// - Returns: whether there was a live entry.
    /// - Throws: ``StoreError``, or `CancellationError`.
    @discardableResult
    func removeEntry(for key: CacheKey, holding hold: Duration) async throws -> Bool

    /// Removes every entry of this store's namespace, and remembers the removal for a while, see rule 8.
    ///
    /// - Parameter hold: for how long the removal is remembered, as in ``removeEntry(for:holding:)``.
    /// - Throws: ``StoreError``, or `CancellationError`.
    func removeAll(holding hold: Duration) async throws

    /// How many live entries there are; may take time proportional to that number.
    ///
    /// - Throws: ``StoreError``, or `CancellationError`.
    func count() async throws -> Int

    /// The largest number of live entries; 0 in a process that was opened with 0.
    ///
    /// - Throws: ``StoreError``, or `CancellationError`.
    func capacity() async throws -> Int

    /// The store's clock as this process knows it, without waiting; `nil` while it is not known.
    ///
    /// A question that begins at this moment gives it to ``setEntry(_:for:asked:before:)`` as `asked`. A store
    /// whose clock is its server's may know it only once a connection was made.
    var now: Timestamp? { get }

    /// Releases files, connections and threads, and returns when that is done; may be called twice.
    ///
    /// Every later operation throws ``StoreError/Code/shutDown``.
    func shutdown() async
}

extension CacheStore {
    /// The capacity of a store for which none was ever chosen.
    public static var defaultCapacity: Int { ContractFigures.defaultCapacity }

    /// The size of the largest value that a store of bytes accepts, in bytes (1 MiB).
    public static var maximumValueSize: Int { ContractFigures.maximumValueSize }

    /// By how much a question must begin later than a removal for its answer to be stored: the tolerance for clocks
    /// that differ (1 s).
    public static var removalMargin: Duration { ContractFigures.removalMargin }

    /// Stores an entry that answers no question, unless it has expired or a removal is remembered.
    ///
    /// - Returns: how many live entries were evicted to make room.
    /// - Throws: ``StoreError``, or `CancellationError`.
    @discardableResult
    public func setEntry(_ entry: CacheEntry<Value>, for key: CacheKey) async throws -> Int {
        try await setEntry(entry, for: key, asked: nil, before: nil)
    }

    /// Removes the entry for a key, and leaves nothing behind.
    ///
    /// - Parameter key: the entry's key.
    /// - Returns: whether there was a live entry.
    /// - Throws: ``StoreError``, or `CancellationError`.
    @discardableResult
    public func removeEntry(for key: CacheKey) async throws -> Bool {
        try await removeEntry(for: key, holding: .zero)
    }

    /// Removes every entry of this store's namespace, and leaves nothing behind.
    ///
    /// - Throws: ``StoreError``, or `CancellationError`.
    public func removeAll() async throws {
        try await removeAll(holding: .zero)
    }
}
