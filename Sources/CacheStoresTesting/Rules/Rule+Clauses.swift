extension StoreContract.Rule {
    /// What the rule asks for, one thing at a time.
    var clauses: [Clause] {
        switch self {
        case .expiredIsAbsent: ExpiryClauses.all
        case .exactBound: BoundClauses.all
        case .firstInFirstOut: OrderClauses.all
        case .overwritingKeepsPlace: OverwritingClauses.all
        case .deadGoFirst: DeadClauses.all
        case .settingExpired: SettingExpiredClauses.all
        case .atomicity: AtomicityClauses.all
        case .rememberedRemovals:
            RemovalClauses.all + RemoveAllClauses.all + QuestionClauses.all + LateClauses.all
                + DelayClauses.all
        case .scope: ScopeClauses.all
        case .failure: FailureClauses.all
        case .capacity: CapacityClauses.all + ValueClauses.all
        case .cost: CostClauses.all
        }
    }
}
