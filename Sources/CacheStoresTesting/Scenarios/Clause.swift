/// One thing that a rule asks for, and the scenario that shows whether a store does it.
struct Clause: Sendable {
    /// What the contract wants, in a sentence that a violation quotes.
    let wanted: String
    /// Whether it is about several handles, so that it means nothing for a store that can't be shared.
    let concernsSharing: Bool
    /// The permission under which a store need not do it.
    private(set) var permission: StoreContract.Permission?
    let play: @Sendable (Scenario) async throws -> Void

    init(
        _ wanted: String,
        concernsSharing: Bool = false,
        play: @escaping @Sendable (Scenario) async throws -> Void
    ) {
        self.wanted = wanted
        self.concernsSharing = concernsSharing
        self.play = play
    }

    /// The same clause, waived where a permission is granted.
    func waived(by permission: StoreContract.Permission) -> Clause {
        var clause = self
        clause.permission = permission
        return clause
    }

    /// Whether a store has to do it.
    func binds(_ contract: StoreContract) -> Bool {
        if let permission, contract.permissions.contains(permission) { return false }
        return contract.fixture.isShared || !concernsSharing
    }
}
