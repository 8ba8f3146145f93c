/// A breach of the contract by a store, described for its author.
///
/// The description tells what was wanted, what was seen, every step that led there, and how to see it again.
public struct ContractViolation: Error {
    /// The broken rule; `nil` if the store differs from the reference model in a history of all kinds of
    /// operations, where the steps show which rule it is.
    public var rule: StoreContract.Rule?
    /// The ability that the store claims and does not have; `nil` if a rule is broken.
    public var ability: StoreContract.Ability?
    /// What the contract asks for.
    public var wanted: String
    /// What the store did instead.
    public var seen: String
    /// The steps that led there, in their order.
    public var history: [String]
    /// The seed that gives the history again; `nil` if nothing in it was random.
    public var seed: UInt64?

    /// Makes a violation, for a check of your own.
    ///
    /// - Parameters:
    ///   - rule: the broken rule, if it is one.
    ///   - ability: the ability that the store claims and does not have; `nil` if a rule is broken.
    ///   - wanted: what the contract asks for.
    ///   - seen: what the store did instead.
    ///   - history: the steps that led there, in their order.
    ///   - seed: the seed that gives the history again; `nil` if nothing in it was random.
    public init(
        rule: StoreContract.Rule?,
        ability: StoreContract.Ability? = nil,
        wanted: String,
        seen: String,
        history: [String] = [],
        seed: UInt64? = nil
    ) {
        self.rule = rule
        self.ability = ability
        self.wanted = wanted
        self.seen = seen
        self.history = history
        self.seed = seed
    }
}

extension ContractViolation: CustomStringConvertible {
    public var description: String {
        let broken = rule.map { "rule \($0)." } ?? ability.map { "its ability of \($0)." }
        var lines = ["The store breaks its contract: " + (broken ?? "no single rule named.")]
        lines.append("  wanted: \(wanted)")
        lines.append("  seen:   \(seen)")
        if !history.isEmpty { lines.append("  after these steps:") }
        lines += history.enumerated().map { "    \($0.offset + 1). \($0.element)" }
        if let seed {
            lines.append(
                "  seed:   \(seed) (run again with CACHE_STORES_SEED=\(seed), or Effort.seed = \(seed))"
            )
        }
        return lines.joined(separator: "\n")
    }
}
