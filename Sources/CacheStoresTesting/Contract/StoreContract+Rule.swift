extension StoreContract {
    /// One of the twelve rules that every store keeps, in the order of the documentation of `CacheStore`.
    public enum Rule: Int, CaseIterable, Sendable {
        /// Rule 1: expired is absent: an entry is live while `now < expiry`.
        case expiredIsAbsent = 1
        /// Rule 2: the bound is exact: after any `setEntry` the store holds at most `capacity()` live entries.
        case exactBound
        /// Rule 3: first in, first out: at capacity the live entry that was first inserted longest ago goes.
        case firstInFirstOut
        /// Rule 4: overwriting a live entry keeps its place and evicts nothing.
        case overwritingKeepsPlace
        /// Rule 5: the dead go first: a live entry is evicted only when no expired one is left to drop.
        case deadGoFirst
        /// Rule 6: setting an expired entry removes that key's entry, stores nothing and evicts nothing.
        case settingExpired
        /// Rule 7: every operation is atomic, across tasks and processes.
        case atomicity
        /// Rule 8: a removal is not undone by an older answer, however long that answer was on its way.
        case rememberedRemovals
        /// Rule 9: `removeAll` touches this store's namespace and nothing else.
        case scope
        /// Rule 10: failure is a thrown `StoreError`, with the store left as before or as after.
        case failure
        /// Rule 11: the capacity belongs to the store, not to the process.
        case capacity
        /// Rule 12: every operation but `count()` and `removeAll` is O(1) amortised or O(log n).
        case cost

        /// The rule in a few words, as the documentation of `CacheStore` puts it.
        public var title: String {
            switch self {
            case .expiredIsAbsent: "Expired is absent"
            case .exactBound: "The bound is exact"
            case .firstInFirstOut: "First in, first out"
            case .overwritingKeepsPlace: "Overwriting a live entry keeps its place"
            case .deadGoFirst: "The dead go first"
            case .settingExpired: "Setting an expired entry"
            case .atomicity: "Every operation is atomic"
            case .rememberedRemovals: "A removal is not undone by an older answer"
            case .scope: "Scope"
            case .failure: "Failure is a thrown StoreError"
            case .capacity: "The capacity belongs to the store"
            case .cost: "Cost"
            }
        }
    }
}

extension StoreContract.Rule: CustomStringConvertible {
    /// The rule's number and title.
    public var description: String { "\(rawValue). \(title)" }
}
