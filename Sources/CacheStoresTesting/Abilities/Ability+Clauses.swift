extension StoreContract.Ability {
    /// What the ability asks for, one thing at a time.
    var clauses: [Clause] {
        switch self {
        case .leasing: LeaseClauses.all
        case .marking: MarkClauses.all
        }
    }
}
