/// Ends tokens at gates, and notes what they confirm.
struct TokenEnding: Sendable {
    let fleet: Fleet
    let pool: TokenPool
    let history: History

    /// Has one gate after the other forget what a form says, until one confirms.
    func forget(
        _ token: KnownToken,
        _ form: KeyValuePairs<String, String>,
        until end: ContinuousClock.Instant,
        drawing random: inout Seeded
    ) async throws {
        try await confirm("forgetting", token, by: form[0].key, until: end, drawing: &random) { gate in
            await gate.forget(form)
        }
    }

    /// Has one gate after the other revoke a signed token, until one confirms.
    func revoke(
        _ token: KnownToken,
        until end: ContinuousClock.Instant,
        drawing random: inout Seeded
    ) async throws {
        try await confirm("revocation", token, by: "mark", until: end, drawing: &random) { gate in
            await gate.revoke(token.text)
        }
    }

    private func confirm(
        _ name: String,
        _ token: KnownToken,
        by means: String,
        until end: ContinuousClock.Instant,
        drawing random: inout Seeded,
        _ attempt: (GateSlot) async -> Bool
    ) async throws {
        while ContinuousClock.now < end {
            let began = ContinuousClock.now
            let gate = fleet.gates[Int.random(in: 0..<fleet.gates.count, using: &random)]
            if await attempt(gate) {
                pool.learn(about: token.number) { known in
                    known.forgettingBegan = began
                    known.forgotten = .now
                    known.forgottenBy = gate.name
                }
                history.count("\(name) confirmed")
                history.note("\(name) confirmed by \(gate.name), by \(means)", about: token.number)
                return
            }
            history.count("\(name) not confirmed")
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
