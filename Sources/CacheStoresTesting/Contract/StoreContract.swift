/// The contract of `CacheStore`, ready to be run against any store.
///
/// Whoever writes a store adds `CacheStoresTesting` to the test target, tells by a ``StoreFixture`` how the store
/// is opened, and asks for each rule. The kit knows no test framework: a check returns, or throws a
/// ``ContractViolation`` whose description tells what was wanted, what was seen and how to see it again.
///
/// ```swift
/// @Suite(.timeLimit(.minutes(5))) struct MyStoreTests {
///     let contract = StoreContract(of: MyStoreFixture())
///
///     @Test(arguments: StoreContract.Rule.allCases)
///     func `keeps the contract`(rule: StoreContract.Rule) async throws {
///         try await contract.verify(rule)
///     }
///
///     @Test func `does what the reference model does`() async throws {
///         try await contract.verifyRandomHistories()
///     }
/// }
/// ```
///
/// In XCTest, `try await StoreContract(of: MyStoreFixture()).verify()` in an `async throws` test does all of it.
///
/// Rules 2, 7 and 8 include runs with several tasks at once. Each rule is checked through one handle and, if the
/// store is shared, again through two handles that take turns. Two clauses are left to a store's own tests,
/// since nothing outside can bring them about: the deadline in rule 10, and speed itself in rule 12, of which
/// the kit checks that the work of a single write is bounded. Rules 8 and 10 take a few seconds of real time, in which
/// a reading of the clock is held back and operations wait.
public struct StoreContract: Sendable {
    let fixture: any StoreFixture
    let permissions: Set<Permission>
    let effort: Effort

    /// Makes the contract for one kind of store.
    ///
    /// - Parameters:
    ///   - fixture: how the store is opened.
    ///   - permissions: which documented departures are let pass.
    ///   - effort: how much work the random and the concurrent runs do.
    public init(
        of fixture: some StoreFixture,
        permitting permissions: Set<Permission> = [],
        effort: Effort = Effort()
    ) {
        self.fixture = fixture
        self.permissions = permissions
        self.effort = effort
    }

    /// Checks every rule in order and every ability that the store claims, then compares random histories with the
    /// reference model.
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
        case .atomicity, .holds: try await ConcurrentRun(self, for: rule).verify()
        default: break
        }
    }

    /// Plays a clause through one handle and, if the store is shared, through two.
    func play(_ clause: Clause, of subject: Subject) async throws {
        for handles in fixture.isShared ? [1, 2] : [1] {
            try await Scenario(of: clause, subject, self, handles: handles).play()
        }
    }

    /// Compares the store with a plain reference model over random histories, on a clock that also steps back.
    ///
    /// - Parameter seed: where to start; without it ``Effort/seed`` or the environment tells, else chance.
    /// - Throws: ``ContractViolation`` with the shortest history found that still fails, or `CancellationError`.
    public func verifyRandomHistories(seed: UInt64? = nil) async throws {
        try await RandomHistories(self, seed: seed ?? startingSeed).verify()
    }
}
