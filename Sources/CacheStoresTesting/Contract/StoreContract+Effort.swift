extension StoreContract {
    /// How much work the random and the concurrent runs do, and from which seed.
    public struct Effort: Sendable {
        /// How many random histories are compared with the reference model.
        public var histories = 300
        /// How many operations each random history has before the store is drained.
        public var operationsPerHistory = 60
        /// How many concurrent histories are checked for rule 7, and a quarter as many each for rules 2 and 8.
        public var concurrentHistories = 1_000
        /// How many tasks take part in each concurrent history, each with six operations (2…10).
        public var tasksPerHistory = 4
        /// Where randomness starts: `nil` takes `CACHE_STORES_SEED` from the environment, else a random seed.
        public var seed: UInt64?

        public init() {}
    }
}
