public import CacheStores

extension StoreContract {
    /// Something that a store may be able to do beyond `CacheStore`; what it claims to do, it has to do right.
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
