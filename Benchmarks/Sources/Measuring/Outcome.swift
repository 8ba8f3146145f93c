/// A line of the table.
package struct Outcome: Sendable, Encodable {
    /// A series in brief.
    struct Summary: Sendable, Encodable {
        let median: Double
        let low: Double
        let high: Double

        init(_ series: Series) {
            median = series.median
            low = series.interval.lowerBound
            high = series.interval.upperBound
        }
    }

    let row: String
    let floor: String
    let figure: Figure
    let comparison: Row.Comparison
    let rounds: Int
    /// Ours, then the others.
    let contenders: [Summary]
    /// What the target speaks of; its spread is that of the rounds' own comparisons.
    let compared: Summary
    /// The same as a text, unless it is ours.
    let comparedText: String
    let spread: Double
    let target: String?
    package let verdict: Verdict
    /// How often the row was measured.
    package let attempts: Int

    /// - Parameters:
    ///   - row: the row.
    ///   - part: which part of it.
    ///   - figures: for each contender its figures, in the order of the rounds.
    ///   - attempts: how often the row was measured.
    init(_ row: Row, part: Int, figures: [[Double]], attempts: Int) {
        let ours = figures[0]
        let other = figures.dropFirst().first
        let compared = Series(ours.indices.map { row.compare(ours[$0], other?[$0]) })
        self.row = row.parts[part].isEmpty ? row.name : "\(row.name), \(row.parts[part])"
        floor = row.floor
        figure = row.figure
        comparison = row.comparison
        rounds = ours.count
        contenders = figures.map { Summary(Series($0)) }
        self.compared = Summary(compared)
        comparedText = row.comparison == .none ? "" : row.text(compared.median)
        spread = compared.spread
        target = row.target?.text(row.text)
        verdict = row.target?.verdict(on: compared) ?? .none
        self.attempts = attempts
    }
}
