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

        /// What the ability asks for, one thing at a time.
        var clauses: [Clause] {
            switch self {
            case .leasing: LeaseClauses.all
            case .marking: MarkClauses.all
            }
        }
    }

    /// Checks one ability, which the store must have.
    ///
    /// - Parameter ability: the ability in question.
    /// - Throws: ``ContractViolation``, or `CancellationError`.
    public func verify(_ ability: Ability) async throws {
        for clause in ability.clauses where clause.binds(self) {
            try await play(clause, of: .ability(ability))
        }
    }

    /// The abilities that the fixture's stores claim.
    func claimedAbilities() async throws -> [Ability] {
        let space = newSpace()
        let store = try await open(space, room: 1, clock: ManualClock())
        let abilities = Ability.allCases.filter { $0.isClaimed(by: store) }
        await store.shutdown()
        try await fixture.discard(space)
        return abilities
    }
}
