/// Leads signed tokens through their lives, and changes the keys that sign them.
struct SignedLives: Sendable {
    private enum Fate: CaseIterable {
        case forged, ofUnknownKey, expires, lives, revoked, subjectForgotten
    }

    let fleet: Fleet
    let pool: TokenPool
    let history: History

    /// Leads one token after the other until a moment.
    func lead(until end: ContinuousClock.Instant, drawing random: Seeded) async throws {
        let ending = TokenEnding(fleet: fleet, pool: pool, history: history)
        var random = random
        while ContinuousClock.now < end {
            let fate = Fate.allCases.randomElement(using: &random) ?? .lives
            let token = try token(for: fate, drawing: &random)
            pool.add(token)
            try await Task.sleep(for: random.duration(500...4000))
            if fate == .revoked || fate == .subjectForgotten {
                // An attempt that is not confirmed may take effect all the same.
                pool.learn(about: token.number) { $0.revocationBegan = .now }
                if fate == .revoked {
                    try await ending.revoke(token, until: end, drawing: &random)
                } else {
                    try await ending.forget(token, ["subject": token.subject], until: end, drawing: &random)
                }
            }
            try await Task.sleep(for: random.duration(2000...6000))
            pool.retire(token.number)
        }
    }

    /// Changes the keys now and then until a moment.
    func changeKeys(until end: ContinuousClock.Instant, drawing random: Seeded) async throws {
        var random = random
        while true {
            let pause = random.duration(8_000...20_000)
            guard ContinuousClock.now + pause < end else { return }
            try await Task.sleep(for: pause)
            fleet.issuer.changeKeys()
            history.count("keys changed")
            history.note("the issuer changed its keys")
        }
    }

    /// A token of the present key that lives for as long as the run does.
    func lastingToken() throws -> KnownToken { try issue(for: .seconds(3600)) }

    private func token(for fate: Fate, drawing random: inout Seeded) throws -> KnownToken {
        switch fate {
        case .forged: return try forge(naming: nil)
        case .ofUnknownKey: return try forge(naming: "unknown-\(random.next())")
        case .expires: return try issue(for: .seconds(Int.random(in: 2...8, using: &random)))
        case .lives, .revoked, .subjectForgotten: return try issue(for: .seconds(3600))
        }
    }

    private func forge(naming key: String?) throws -> KnownToken {
        let number = pool.nextNumber()
        let text = try fleet.issuer.forgedToken(for: "nobody", naming: key)
        return KnownToken(number: number, text: text, subject: "nobody", life: nil)
    }

    private func issue(for life: Duration) throws -> KnownToken {
        let number = pool.nextNumber()
        let subject = "user-\(number)"
        let asked = ContinuousClock.now
        let (text, generation) = try fleet.issuer.token(
            for: subject,
            expiresIn: Int(life.components.seconds)
        )
        history.note("signed by key \(generation), for \(life)", about: number)
        return KnownToken(
            number: number,
            text: text,
            subject: subject,
            // The token tells whole seconds only.
            life: .init(validUntil: asked + life - .seconds(1), expiredFrom: .now + life),
            generation: generation
        )
    }
}
