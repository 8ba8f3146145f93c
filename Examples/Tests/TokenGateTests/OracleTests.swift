import FleetChaos
import Testing

/// The judge of the chaos runs, which has to object to what is wrong, and to nothing else.
@Suite(.timeLimit(.minutes(10))) struct OracleTests {
    private let oracle = Oracle(
        timeToLive: .seconds(3),
        staleGrace: .seconds(5),
        near: .seconds(1),
        question: .seconds(12),
        deadline: .seconds(20)
    )
    private let start = ContinuousClock.now

    /// A token that is issued at the start, and expires after a hundred seconds.
    private func token(_ change: (inout KnownToken) -> Void = { _ in }) -> KnownToken {
        let life = KnownToken.Life(
            validUntil: start + .seconds(99),
            expiredFrom: start + .seconds(100)
        )
        var token = KnownToken(number: 1, text: "t", subject: "s", life: life)
        change(&token)
        return token
    }

    /// An answer that was asked for some seconds after the start, and came at once.
    private func objection(
        _ content: Answer.Content,
        at seconds: Double,
        about token: KnownToken,
        gate: String = "one",
        losses: Spans = Spans(),
        pauses: Spans = Spans(),
        calmSince: Double? = nil,
        patience: Duration = .zero,
        keyLife: KnownToken.KeyLife? = nil,
        knownGeneration: Int? = nil
    ) -> String? {
        let moment = start + .seconds(seconds)
        let answer = Answer(
            content: content,
            gate: gate,
            period: moment...moment + patience,
            pauses: pauses,
            knownGeneration: knownGeneration
        )
        var circumstances = Oracle.Circumstances()
        circumstances.losses = losses
        circumstances.calmSince = calmSince.map { start + .seconds($0) }
        circumstances.keyLife = keyLife
        return oracle.objection(to: answer, about: token, in: circumstances)
    }

    private func accepted(_ source: Answer.Source) -> Answer.Content { .accepted(source, subject: "s") }

    @Test func `a valid token is accepted or the status is 503, but it is never refused`() {
        #expect(objection(accepted(.authority), at: 5, about: token()) == nil)
        #expect(objection(.status(503), at: 5, about: token()) == nil)
        #expect(objection(.status(401), at: 5, about: token()) != nil)
        #expect(objection(.status(500), at: 5, about: token()) != nil)
        #expect(objection(.accepted(.store, subject: "somebody else"), at: 5, about: token()) != nil)
    }

    @Test func `the status may be 503 only while something is wrong`() {
        #expect(objection(.status(503), at: 15, about: token(), calmSince: 5) == nil)
        #expect(objection(.status(503), at: 15.1, about: token(), calmSince: 5) != nil)
    }

    @Test func `each request is answered, and in time`() {
        #expect(objection(.none, at: 5, about: token()) != nil)
        #expect(objection(accepted(.store), at: 5, about: token(), patience: .seconds(20)) == nil)
        #expect(objection(accepted(.store), at: 5, about: token(), patience: .seconds(21)) != nil)
        let pauses = spans(6, 8)
        #expect(
            objection(accepted(.store), at: 5, about: token(), pauses: pauses, patience: .seconds(21)) == nil
        )
    }

    @Test func `a token that was never issued is never accepted`() {
        let token = KnownToken(number: 2, text: "t", subject: "s", life: nil)
        #expect(objection(.status(401), at: 5, about: token) == nil)
        #expect(objection(accepted(.authority), at: 5, about: token) != nil)
    }

    @Test func `at its expiry the one judgement gives way to the other`() {
        #expect(objection(.status(401), at: 98.9, about: token()) != nil)
        #expect(objection(.status(401), at: 99, about: token()) == nil)
        #expect(objection(accepted(.stale), at: 99.9, about: token()) == nil)
        #expect(objection(accepted(.stale), at: 100.2, about: token()) != nil)
    }

    @Test(arguments: [(Answer.Source.authority, 0.0), (.store, 3), (.stale, 8), (.sharedQuestion, 12)])
    func `a revoked token is accepted for as long as is stated`(source: Answer.Source, bound: Double) {
        let token = token {
            $0.revocationBegan = start + .seconds(9)
            $0.revoked = start + .seconds(10)
        }
        #expect(objection(accepted(source), at: 9.9 + bound, about: token) == nil)
        #expect(objection(accepted(source), at: 10.2 + bound, about: token) != nil)
        #expect(objection(.status(401), at: 9, about: token) == nil)
        #expect(objection(.status(401), at: 8.9, about: token) != nil)
    }

    private func spans(_ from: Double, _ to: Double) -> Spans {
        var spans = Spans()
        spans.begin(at: start + .seconds(from))
        spans.end(at: start + .seconds(to))
        return spans
    }

    private func forgottenToken() -> KnownToken {
        token {
            $0.revocationBegan = start + .seconds(9)
            $0.revoked = start + .seconds(10)
            $0.forgettingBegan = start + .seconds(10)
            $0.forgotten = start + .seconds(10.5)
            $0.forgottenBy = "two"
        }
    }

    @Test(arguments: [Answer.Source.store, .stale])
    func `a forgotten one is known to the others within the near life`(source: Answer.Source) {
        let token = forgottenToken()
        #expect(objection(accepted(source), at: 11.5, about: token) == nil)
        #expect(objection(accepted(source), at: 11.7, about: token) != nil)
        // Unless the store lost that it was forgotten; then the earlier bound holds.
        let losses = spans(10.6, 10.7)
        #expect(objection(accepted(source), at: 11.6, about: token, losses: losses) == nil)
        #expect(objection(accepted(source), at: 18.2, about: token, losses: losses) != nil)
    }

    @Test(arguments: [Answer.Source.store, .stale, .sharedQuestion])
    func `the gate that confirmed it knows at once`(source: Answer.Source) {
        #expect(objection(accepted(source), at: 10.4, about: forgottenToken(), gate: "two") == nil)
        #expect(objection(accepted(source), at: 10.7, about: forgottenToken(), gate: "two") != nil)
    }

    @Test func `a question that was under way elsewhere is answered to those who wait`() {
        #expect(objection(accepted(.sharedQuestion), at: 12, about: forgottenToken()) == nil)
        #expect(objection(accepted(.stale), at: 12, about: forgottenToken(), pauses: spans(10.2, 11)) == nil)
    }

    @Test func `spans tell how much of a period they cover`() {
        func period(_ from: Double, _ to: Double) -> ClosedRange<ContinuousClock.Instant> {
            start + .seconds(from)...start + .seconds(to)
        }
        var spans = Spans()
        #expect(!spans.touch(period(0, 9)))
        spans.begin(at: start + .seconds(2))
        #expect(spans.overlap(with: period(0, 5)) == .seconds(3))
        spans.end(at: start + .seconds(4))
        spans.begin(at: start + .seconds(6))
        #expect(spans.overlap(with: period(3, 7)) == .seconds(2))
        #expect(spans.touch(period(3, 5)))
        #expect(!spans.touch(period(4.1, 5.9)))
        #expect(spans.touch(period(8, 9)))
    }

    /// A signed token of the third key, published two seconds after the start.
    private func signed(_ change: (inout KnownToken) -> Void = { _ in }) -> KnownToken {
        var token = KnownToken(number: 3, text: "t", subject: "s", life: token().life, generation: 2)
        change(&token)
        return token
    }

    @Test
    func `a token of a key that was removed may be refused, or accepted only where newer keys are unknown`() {
        let key = KnownToken.KeyLife(published: start + .seconds(2), removed: start + .seconds(10))
        #expect(objection(.status(401), at: 9.9, about: signed(), keyLife: key) != nil)
        #expect(objection(.status(401), at: 10, about: signed(), keyLife: key) == nil)
        for (known, isWrong) in [(nil, false), (2, false), (3, false), (4, true), (5, true)] as [(Int?, Bool)]
        {
            for source in [Answer.Source.authority, .store, .stale, .sharedQuestion] {
                let objection = objection(
                    accepted(source),
                    at: 20,
                    about: signed(),
                    keyLife: key,
                    knownGeneration: known
                )
                #expect((objection != nil) == isWrong)
            }
        }
    }

    @Test func `the status may be 503 until a new key is known everywhere`() {
        let key = KnownToken.KeyLife(published: start + .seconds(20))
        #expect(objection(.status(503), at: 65, about: signed(), calmSince: 5, keyLife: key) == nil)
        #expect(objection(.status(503), at: 65.1, about: signed(), calmSince: 5, keyLife: key) != nil)
        let removed = KnownToken.KeyLife(published: start, removed: start + .seconds(20))
        #expect(objection(.status(503), at: 90, about: signed(), calmSince: 5, keyLife: removed) == nil)
    }

    @Test func `a signed token that was revoked is refused, unless the store lost the mark`() {
        let revoked = signed { token in
            token.revocationBegan = start + .seconds(5)
            token.forgettingBegan = start + .seconds(5)
            token.forgotten = start + .seconds(6)
            token.forgottenBy = "one"
        }
        #expect(objection(.status(401), at: 5, about: revoked) == nil)
        #expect(objection(accepted(.store), at: 5.9, about: revoked) == nil)
        #expect(objection(accepted(.authority), at: 6.2, about: revoked) != nil)
        #expect(objection(accepted(.store), at: 6.9, about: revoked, gate: "two") == nil)
        #expect(objection(accepted(.store), at: 7.2, about: revoked, gate: "two") != nil)
        #expect(objection(accepted(.authority), at: 8, about: revoked, losses: spans(6.5, 7)) == nil)
    }
}
