import ExampleFleet

/// Leads tokens through their lives: each is issued, used by others meanwhile, and ends in one of some ways.
struct TokenLives: Sendable {
    private enum Fate: CaseIterable {
        case neverIssued, expires, lives, revoked, revokedAndForgotten, revokedAndSubjectForgotten,
            forgottenOnly
    }

    let fleet: Fleet
    let pool: TokenPool
    let history: History

    private var ending: TokenEnding { TokenEnding(fleet: fleet, pool: pool, history: history) }

    /// Leads one token after the other until a moment.
    func lead(until end: ContinuousClock.Instant, drawing random: Seeded) async throws {
        var random = random
        while ContinuousClock.now < end {
            let fate = Fate.allCases.randomElement(using: &random) ?? .lives
            guard let token = await token(for: fate, drawing: &random) else {
                try await Task.sleep(for: .milliseconds(100))
                continue
            }
            pool.add(token)
            try await Task.sleep(for: random.duration(500...4000))
            try await conclude(token, by: fate, until: end, drawing: &random)
            // A revoked token is asked about until no answer may accept it any more.
            if pool[token.number]?.revoked != nil { try await Task.sleep(for: fleet.oracle.longestBound) }
            try await Task.sleep(for: random.duration(500...4000))
            pool.retire(token.number)
        }
    }

    /// A token that lives for as long as the run does; `nil` if none can be had now.
    func lastingToken() async -> KnownToken? {
        await issue(for: .seconds(3600))
    }

    private func token(for fate: Fate, drawing random: inout Seeded) async -> KnownToken? {
        switch fate {
        case .neverIssued:
            let number = pool.nextNumber()
            let text = "nobody-issued-\(number)-\(String(random.next(), radix: 16))"
            return KnownToken(number: number, text: text, subject: "nobody", life: nil)
        case .expires: return await issue(for: .seconds(Int.random(in: 2...8, using: &random)))
        default: return await issue(for: .seconds(3600))
        }
    }

    private func issue(for life: Duration) async -> KnownToken? {
        let number = pool.nextNumber()
        let subject = "user-\(number)"
        let asked = ContinuousClock.now
        let seconds = Int(life.components.seconds)
        guard
            let text = try? await fleet.backends.authority.token(
                for: subject,
                scope: "read",
                expiresIn: seconds
            )
        else { return nil }
        history.note("issued for \(life)", about: number)
        return KnownToken(
            number: number,
            text: text,
            subject: subject,
            // The authority tells whole seconds only.
            life: .init(validUntil: asked + life - .seconds(1), expiredFrom: .now + life)
        )
    }

    private func conclude(
        _ token: KnownToken,
        by fate: Fate,
        until end: ContinuousClock.Instant,
        drawing random: inout Seeded
    ) async throws {
        switch fate {
        case .neverIssued, .expires, .lives: break
        case .revoked: try await revoke(token, until: end)
        case .forgottenOnly:
            try await ending.forget(token, ["token": token.text], until: end, drawing: &random)
        case .revokedAndForgotten:
            guard try await revoke(token, until: end) else { return }
            try await ending.forget(token, ["token": token.text], until: end, drawing: &random)
        case .revokedAndSubjectForgotten:
            guard try await revoke(token, until: end) else { return }
            try await ending.forget(token, ["subject": token.subject], until: end, drawing: &random)
        }
    }

    /// Has the authority revoke a token, asking until it confirms.
    @discardableResult
    private func revoke(_ token: KnownToken, until end: ContinuousClock.Instant) async throws -> Bool {
        pool.learn(about: token.number) { $0.revocationBegan = .now }
        history.note("is being revoked", about: token.number)
        while ContinuousClock.now < end {
            if (try? await fleet.backends.authority.revoke(token.text)) != nil {
                pool.learn(about: token.number) { $0.revoked = .now }
                history.note("revoked", about: token.number)
                return true
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        return false
    }
}
