/// One thing that a rule asks for, and the scenario that shows whether a store does it.
struct Clause: Sendable {
    /// What the contract wants, in a sentence that a violation quotes.
    let wanted: String
    /// Whether it is about several handles, so that it means nothing for a store that can't be shared.
    let concernsSharing: Bool
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
}
