import Synchronization

/// The table that a walk-through prints, a line as soon as it is known.
final class Report: Sendable {
    /// What came of one step.
    struct Outcome: Equatable {
        /// The status, and what else an answer says.
        var answer: String
        var source: String
        /// How often the authority has been asked since the beginning.
        var questions: Int
    }

    private static let widths = [50, 22, 28, 10]
    private let failures = Mutex(0)

    var succeeded: Bool { failures.withLock { $0 == 0 } }

    func begin(_ explanation: String) {
        print(explanation)
        print()
        line(["what was asked", "answer", "where it came from", "took"], "authority asked")
        line(Self.widths.map { String(repeating: "-", count: $0) }, "---------------")
    }

    /// Prints a step, and whether it came out as it should.
    func step(_ asked: String, _ outcome: Outcome, wanted: Outcome, took duration: Duration) {
        let milliseconds = (duration / .milliseconds(1) * 10).rounded() / 10
        line([asked, outcome.answer, outcome.source, "\(milliseconds) ms"], times(outcome.questions))
        guard outcome != wanted else { return }
        fail("wanted: \(wanted.answer), \(wanted.source), authority asked \(times(wanted.questions))")
    }

    func fail(_ message: String) {
        failures.withLock { $0 += 1 }
        print("  WRONG: \(message)")
    }

    func end() {
        let failures = failures.withLock { $0 }
        print()
        print(
            failures == 0 ? "Every step came out as it should." : "\(failures) of the steps came out wrong."
        )
    }

    func show(log: String) {
        print("What the servers wrote to their logs:")
        print(log)
    }

    private func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }

    private func line(_ cells: [String], _ last: String) {
        let padded = zip(cells, Self.widths).map { cell, width in
            cell + String(repeating: " ", count: max(0, width - cell.count))
        }
        print((padded + [last]).joined(separator: "  "))
    }
}
