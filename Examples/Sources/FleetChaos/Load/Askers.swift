import Synchronization

/// Those who present tokens to gates, and take every answer to the oracle.
final class Askers: Sendable {
    private let fleet: Fleet
    private let pool: TokenPool
    private let history: History
    private let calmSince = Mutex<ContinuousClock.Instant?>(nil)
    private let isOver = Atomic(false)

    init(fleet: Fleet, pool: TokenPool, history: History) {
        self.fleet = fleet
        self.pool = pool
        self.history = history
    }

    /// Notes that there are no faults from now on.
    func beginCalm() {
        calmSince.withLock { $0 = .now }
    }

    /// Ends all calls of `ask(drawing:)`.
    func stop() {
        isOver.store(true, ordering: .relaxed)
    }

    /// Asks until that is to end, one question after the other.
    func ask(drawing random: Seeded) async throws {
        var random = random
        while !isOver.load(ordering: .relaxed) {
            if let token = pool.any(using: &random) {
                await ask(fleet.gates[Int.random(in: 0..<fleet.gates.count, using: &random)], about: token)
            }
            try await Task.sleep(for: random.duration(2...20))
        }
    }

    /// Asks a gate about a token once.
    ///
    /// - Returns: what it said; `nil` if it was away.
    @discardableResult
    func ask(_ gate: GateSlot, about token: KnownToken) async -> Answer? {
        guard let answer = await gate.answer(to: token) else {
            history.count("gate away")
            return nil
        }
        history.count(token.generation == nil ? answer.words : "\(answer.words), signed")
        let asked = answer.period.lowerBound
        history.note("\(gate.name) was asked", about: token.number, at: asked)
        let moment = answer.period.upperBound
        history.note("\(gate.name) said \(answer.words)", about: token.number, at: moment)
        // What is known by now, which is more than when it was asked.
        let known = pool[token.number] ?? token
        var circumstances = Oracle.Circumstances()
        circumstances.losses = fleet.backends.losses
        circumstances.calmSince = calmSince.withLock(\.self)
        circumstances.keyLife = known.generation.map(fleet.issuer.life)
        if let objection = fleet.oracle.objection(to: answer, about: known, in: circumstances) {
            history.object("\(gate.name), \(answer.words): \(objection)", about: token.number, at: moment)
        }
        return answer
    }
}
