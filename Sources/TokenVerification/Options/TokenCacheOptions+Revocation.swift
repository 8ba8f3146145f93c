extension TokenCacheOptions {
    /// How tokens are revoked by marks: one token, or all of a subject, a client or a session.
    ///
    /// All processes that share the store need the same settings.
    public struct Revocation: Sendable, Hashable {
        /// Whether marks are kept and heeded; needs a `MarkingStore`.
        ///
        /// It costs a look-up in the store for each token and second; none while the store tells of changes
        /// (`InvalidatingStore`, `MarkingStore.reportsMarks`).
        public var isOn = false
        /// By how much the clocks of processes may differ, from 0 to 60 s.
        ///
        /// An answer of an authority counts again if its question began later than the mark by more than this. Until
        /// then each use of a marked subject's opaque tokens asks the authority. Signed tokens go by `iat`.
        public var clockTolerance: Duration = .seconds(5)
        /// Whether signed tokens are accepted while their marks can't be read, revoked ones included.
        ///
        /// Otherwise they fail as `unavailable`. Opaque tokens don't need it, since their authority is asked.
        public var acceptsUncheckedTokens = false

        public init() {}
    }
}
