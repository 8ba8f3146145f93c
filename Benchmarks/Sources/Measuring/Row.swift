/// A row of the table: something that is measured, and what it ought to reach.
package struct Row: Sendable {
    /// How ours is compared with the first of the others.
    package enum Comparison: String, Sendable, Codable {
        /// Ours divided by the other.
        case ratio
        /// By how much ours exceeds the other.
        case difference
        /// How many times as fast ours is.
        case speedup
        /// There is no other: the target speaks of ours.
        case none
    }

    package let name: String
    let parts: [String]
    let figure: Figure
    let floor: String
    let comparison: Comparison
    let target: Target?
    let rounds: Int
    let prepare: @Sendable () async throws -> Contest

    /// - Parameters:
    ///   - name: what is measured; `ROW=` looks for words in it.
    ///   - parts: the names of several figures of one measurement, such as percentiles; each becomes a line.
    ///   - figure: what the figures count.
    ///   - floor: what ours is compared with, in a few words.
    ///   - comparison: what the target speaks of.
    ///   - target: what is to be reached.
    ///   - rounds: how often each contender is measured.
    ///   - prepare: makes everything ready.
    package init(
        _ name: String,
        parts: [String] = [""],
        _ figure: Figure,
        against floor: String,
        _ comparison: Comparison = .ratio,
        _ target: Target? = nil,
        rounds: Int = 15,
        prepare: @escaping @Sendable () async throws -> Contest
    ) {
        self.name = name
        self.parts = parts
        self.figure = figure
        self.floor = floor
        self.comparison = comparison
        self.target = target
        self.rounds = rounds
        self.prepare = prepare
    }

    /// A number that the target speaks of, with its unit if it has one.
    func text(_ compared: Double) -> String {
        switch comparison {
        case .ratio, .speedup: Figure.short(compared)
        case .difference, .none: figure.text(compared)
        }
    }

    /// What the comparison of one round says.
    func compare(_ ours: Double, _ other: Double?) -> Double {
        guard let other else { return ours }
        switch comparison {
        case .ratio: return ours / other
        case .difference: return ours - other
        case .speedup: return figure.isCost ? other / ours : ours / other
        case .none: return ours
        }
    }
}
