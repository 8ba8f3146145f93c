/// What a clause belongs to.
enum Subject {
    case rule(StoreContract.Rule)
    case ability(StoreContract.Ability)

    var rule: StoreContract.Rule? {
        if case .rule(let rule) = self { rule } else { nil }
    }

    var ability: StoreContract.Ability? {
        if case .ability(let ability) = self { ability } else { nil }
    }
}
