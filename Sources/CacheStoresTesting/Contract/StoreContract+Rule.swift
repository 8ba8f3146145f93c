extension StoreContract {
    /// One of the twelve rules that every store keeps, in the order of the documentation of `CacheStore`.
    public enum Rule: Int, CaseIterable, Sendable {
        case expiredIsAbsent = 1
        case exactBound
        case firstInFirstOut
        case overwritingKeepsPlace
        case deadGoFirst
        case settingExpired
        case atomicity
        case rememberedRemovals
        case scope
        case failure
        case capacity
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
