extension StoreContract {
    /// A named departure from the contract that a store documents and its test grants; more may be added.
    public struct Permission: Sendable, Hashable, CustomStringConvertible {
        private enum Wrapped: String, Sendable {
            case firstInFirstOutPerShard, boundExceededAfterEvictionByServer
        }

        private let wrapped: Wrapped

        /// Rules 2 and 3 hold within each shard rather than for the whole store.
        ///
        /// The fixture tells which keys share a shard (``StoreFixture/shard(of:)``); the kit then works within
        /// one shard and expects there what it otherwise expects of the store.
        public static let firstInFirstOutPerShard = Self(wrapped: .firstInFirstOutPerShard)

        /// Where the store's server evicts on its own account, rule 2 may be exceeded for one lifetime of the
        /// entries at most.
        public static let boundExceededAfterEvictionByServer = Self(
            wrapped: .boundExceededAfterEvictionByServer
        )

        public var description: String { wrapped.rawValue }
    }
}
