extension TokenCacheOptions {
    /// Whether the processes that share a store ask each question once.
    public struct Fleet: Sendable, Hashable {
        /// Whether the process that asks takes a lease in the store, while the others wait for its answer; needs a
        /// `LeasingStore`.
        public var isOn = false
        /// The longest time that the others wait, greater than zero and at most 300 s.
        public var leaseTime: Duration = .seconds(2)

        public init() {}
    }

    /// What this process keeps of the records of a shared store.
    public struct Near: Sendable, Hashable {
        /// How long this process may use its own copy of a record, such as five seconds for a store across a network,
        /// not negative; `nil` or zero to ask the store each time.
        ///
        /// A token that another process forgot is accepted here for this long, unless the store tells of changes
        /// (`InvalidatingStore`).
        public var life: Duration?
        /// How many copies are kept at the most, zero or more.
        public var capacity = 10_000

        public init() {}
    }

    /// How a cache uses its store.
    public struct Store: Sendable, Hashable {
        /// How long a look-up, or a write, may delay a call, greater than zero.
        public var deadline: Duration = .milliseconds(500)
        /// How long the store may take to confirm that a token is forgotten, greater than zero; no store may take longer for
        /// anything.
        public var removalDeadline: Duration = .seconds(5)
        /// How many of the records this process remembers opened, so that it need not open them again while they are
        /// the same, from 0 to 1 048 576; zero to open each every time.
        ///
        /// The store is asked all the same. Some 1.5 kilobytes each.
        public var openedRecordCapacity = 4096
        /// Whether the cache's ``TokenCache/shutdown()`` shuts the store down.
        public var isShutDownWithCache = true

        public init() {}
    }
}
