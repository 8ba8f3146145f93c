/// Measures rows: each contender in turn, again and again, so that what disturbs one disturbs the others.
package struct Referee: Sendable {
    /// How often a row that is too noisy to judge is measured anew.
    private static let repetitions = 3

    package init() {}

    /// Measures a row, and measures it again while it is too noisy to judge.
    ///
    /// - Returns: one outcome for each part.
    package func outcomes(of row: Row) async throws -> [Outcome] {
        let contest = try await row.prepare()
        do {
            var attempts = 0
            var outcomes: [Outcome] = []
            repeat {
                attempts += 1
                outcomes = try await measure(row, contest, attempts: attempts)
            } while attempts <= Self.repetitions && outcomes.contains { $0.verdict == .tooNoisy }
            await contest.end()
            return outcomes
        } catch {
            await contest.end()
            throw error
        }
    }

    private func measure(_ row: Row, _ contest: Contest, attempts: Int) async throws -> [Outcome] {
        // The first round warms up: caches, connections, the processor's clock.
        if attempts == 1 { for contender in contest.contenders { _ = try await contender.measure() } }
        var figures = row.parts.map { _ in contest.contenders.map { _ in [Double]() } }
        for round in 0..<row.rounds {
            // Who comes first changes from round to round.
            let order = Array(contest.contenders.enumerated())
            for (place, contender) in round.isMultiple(of: 2) ? order : order.reversed() {
                let measured = try await contender.measure()
                precondition(measured.count == row.parts.count, "\(row.name) gave \(measured.count) figures")
                for part in measured.indices { figures[part][place].append(measured[part]) }
            }
        }
        return row.parts.indices.map {
            Outcome(row, part: $0, figures: figures[$0], attempts: attempts)
        }
    }
}
