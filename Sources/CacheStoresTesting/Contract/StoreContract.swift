/// The contract of `CacheStore`, ready to be run against any store.
///
/// Add `CacheStoresTesting` to the test target of a store, tell by a ``StoreFixture`` how the store is opened, and
/// verify each rule. The kit depends on no test framework: a check returns, or throws a
/// ``ContractViolation`` whose description tells what was wanted, what was seen and how to see it again.
///
/// ```swift
/// @Suite(.timeLimit(.minutes(10))) struct MyStoreTests {
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
/// since the kit can't bring them about: the deadline in rule 10, and speed itself in rule 12, of which
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
}
