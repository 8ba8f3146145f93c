/// Those who present tokens to gates, and take every answer to the oracle.
struct Askers: Sendable {
    let fleet: Fleet
    let pool: TokenPool
    let history: History

    /// Asks until a moment, one question after the other.
    func ask(until end: ContinuousClock.Instant, drawing random: Seeded) async throws {
        var random = random
        while ContinuousClock.now < end {
            if let token = pool.any(using: &random) {
                await ask(fleet.gates[Int.random(in: 0..<fleet.gates.count, using: &random)], about: token)
            }
            try await Task.sleep(for: random.duration(2...20))
        }
    }

    private func ask(_ gate: GateSlot, about token: KnownToken) async {
        guard let answer = await gate.answer(to: token.text) else {
            history.count("gate away")
            return
        }
        history.count(answer.words)
        let asked = answer.period.lowerBound
        history.note("\(gate.name) was asked", about: token.number, at: asked)
        let moment = answer.period.upperBound
        history.note("\(gate.name) said \(answer.words)", about: token.number, at: moment)
        // What is known by now, which is more than when it was asked.
        let known = pool[token.number] ?? token
        let losses = fleet.backends.losses
        if let objection = Fleet.oracle.objection(to: answer, about: known, losses: losses) {
            history.object("\(gate.name), \(answer.words): \(objection)", about: token.number, at: moment)
        }
    }
}
