public import CacheStores

extension StoreContract {
    /// An ability of a store beyond `CacheStore`; the kit checks each one that a store claims.
    public enum Ability: String, CaseIterable, Sendable {
        /// `LeasingStore`.
        case leasing
        /// `MarkingStore`.
        case marking

        /// Whether a store, or one that it wraps, claims the ability.
        public func isClaimed(by store: any CacheStore<[UInt8]>) -> Bool {
            switch self {
            case .leasing: store.ability((any LeasingStore).self) != nil
            case .marking: store.ability((any MarkingStore).self) != nil
            }
        }
    }
}
