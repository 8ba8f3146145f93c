import CacheStores

extension StoreContract {
    /// Checks every rule in order and every ability that the store claims, then compares random histories with the
    /// reference model.
    ///
    /// - Throws: ``ContractViolation``, or `CancellationError`.
    public func verify() async throws {
        for rule in Rule.allCases { try await verify(rule) }
        for ability in try await claimedAbilities() { try await verify(ability) }
        try await verifyRandomHistories()
    }

    /// Checks one rule.
    ///
    /// - Parameter rule: the rule in question.
    /// - Throws: ``ContractViolation``, or `CancellationError`.
    public func verify(_ rule: Rule) async throws {
        for clause in rule.clauses where clause.binds(self) { try await play(clause, of: .rule(rule)) }
        switch rule {
        case .exactBound: try await BoundRun(self).verify()
        case .atomicity, .rememberedRemovals: try await ConcurrentRun(self, for: rule).verify()
        default: break
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

    /// Compares the store with a plain reference model over random histories, on a clock that also steps back.
    ///
    /// - Parameter seed: where to start; without it ``Effort/seed`` or the environment tells, else chance.
    /// - Throws: ``ContractViolation`` with the shortest history found that still fails, or `CancellationError`.
    public func verifyRandomHistories(seed: UInt64? = nil) async throws {
        try await RandomHistories(self, seed: seed ?? startingSeed).verify()
    }

    /// Plays a clause through one handle and, if the store is shared, through two.
    private func play(_ clause: Clause, of subject: Subject) async throws {
        for handles in fixture.isShared ? [1, 2] : [1] {
            try await Scenario(of: clause, subject, self, handles: handles).play()
        }
    }

    /// The abilities that the fixture's stores claim.
    private func claimedAbilities() async throws -> [Ability] {
        try await withHandles(room: 1, clock: ManualClock()) { handles in
            Ability.allCases.filter { $0.isClaimed(by: handles[0]) }
        }
    }
}
