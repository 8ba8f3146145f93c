import Foundation
import Measuring

/// Measures rows, prints the table as it grows, and writes it down.
struct Report {
    private let rows: [Row]
    private let table: Table
    private let results: String

    /// - Parameters:
    ///   - rows: what is measured.
    ///   - contenders: the names of ours and of the others.
    ///   - results: the file that is written.
    init(of rows: [Row], contenders: [String], in results: String) {
        self.rows = rows
        table = Table(contenders: contenders)
        self.results = results
    }

    /// Measures the rows whose names hold some words.
    ///
    /// - Returns: whether every row that has a target met it.
    func run(matching words: String = "") async throws -> Bool {
        let chosen = rows(matching: words)
        guard !chosen.isEmpty else {
            let names = rows.map { "  \($0.name)" }.joined(separator: "\n")
            throw BenchmarkError("no row is called \(words); there are\n\(names)")
        }
        print(table.header)
        var outcomes: [Outcome] = []
        var failures = 0
        for row in chosen {
            do {
                for outcome in try await Referee().outcomes(of: row) {
                    outcomes.append(outcome)
                    print(table.line(outcome))
                }
            } catch {
                failures += 1
                print("\(row.name): NOT MEASURED: \(error)")
            }
            fflush(nil)
            // Now, so that an interruption loses only what is being measured.
            try write(outcomes)
        }
        return failures == 0 && !outcomes.contains { $0.verdict.isFailure }
    }

    /// The names of the rows that hold some words.
    func names(matching words: String) -> [String] {
        rows(matching: words).map(\.name)
    }

    private func rows(matching words: String) -> [Row] {
        rows.filter { words.isEmpty || $0.name.contains(words) }
    }

    private func write(_ outcomes: [Outcome]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(outcomes).write(to: URL(fileURLWithPath: results))
    }
}
