/// Writes outcomes as the lines of one table.
package struct Table: Sendable {
    private static let widths = [54, 10, 10, 10, 9, 7, 7, 13, 1]

    private let columns: [String]

    /// - Parameter contenders: the names of ours and of the others.
    package init(contenders: [String]) {
        columns = ["row"] + contenders + ["ratio", "±", "target", "verdict", "against"]
    }

    package var header: String {
        let line = line(columns)
        return line + "\n" + String(repeating: "-", count: line.count)
    }

    package func line(_ outcome: Outcome) -> String {
        let names = columns.count - 6
        let contenders = (0..<names).map { place in
            place < outcome.contenders.count ? outcome.figure.text(outcome.contenders[place].median) : ""
        }
        let note = outcome.attempts > 1 ? " (\(outcome.attempts))" : ""
        return line(
            [outcome.row] + contenders + [
                outcome.comparedText, "\(Figure.short(outcome.spread * 100)) %", outcome.target ?? "",
                outcome.verdict.rawValue + note, outcome.floor,
            ]
        )
    }

    private func line(_ cells: [String]) -> String {
        let others = cells.count - 6
        let widths = [Self.widths[0]] + Self.widths[1...others] + Self.widths[4...]
        return zip(cells, widths).enumerated()
            .map { place, pair in
                let (cell, width) = pair
                let padding = String(repeating: " ", count: max(0, width - cell.count))
                return place == 0 || place >= cells.count - 2 ? cell + padding : padding + cell
            }
            .joined(separator: " ")
    }
}
