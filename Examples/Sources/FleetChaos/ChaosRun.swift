import ExampleFleet
package import Foundation
import TokenVerificationTestSupport

/// A fleet under load, to which things happen, and an oracle that knows each token's true state.
///
/// The seed decides which faults there are, for how long, and who asks about what; how all that falls together
/// depends on the machine. So a seed repeats a run's kind, and its history tells what happened.
package struct ChaosRun: Sendable {
    /// What came of a run.
    package struct Outcome: Sendable {
        /// How often what was answered, and which faults there were.
        package let counts: [String: Int]
        /// How many answers were wrong.
        package let objections: Int
        /// What the gate that lives on used, early and at the end; `nil` where the system does not tell.
        package let resources: String?
        /// What happened, as far as it explains what was wrong.
        package let history: String
    }

    private static let askers = 10
    private static let lives = 24
    private static let signedLives = 10

    /// How long answers are used, and how long a fault may last.
    package let pace: Pace
    private let seed: UInt64
    private let duration: Duration
    private let directory: URL

    /// - Parameters:
    ///   - seed: what is repeated by it.
    ///   - duration: how long things happen; with the tokens' ends they are waited for (twenty seconds, or a minute where lives are long).
    ///   - directory: an empty directory for what the servers write.
    package init(seed: UInt64, duration: Duration, in directory: URL) {
        self.seed = seed
        pace = Pace(seed: seed)
        self.duration = duration
        self.directory = directory
    }

    /// Makes it happen.
    ///
    /// Whatever keeps it from going on, cancellation included, is an objection, and ends the servers all the same.
    ///
    /// - Throws: what keeps it from beginning.
    package func run() async throws -> Outcome {
        let log = directory.appendingPathComponent("errors.log")
        try Data().write(to: log)
        let fleet = try await Fleet(pace.oracle, in: directory, errors: try FileHandle(forWritingTo: log))
        let history = History()
        var resources: String?
        do {
            resources = try await happen(to: fleet, history)
        } catch {
            history.object("it could not go on: \(error)")
        }
        do {
            let failures = try await fleet.stop()
            if failures > 0 { history.object("\(failures) gates did not end with status 0") }
        } catch {
            history.object("it could not be ended: \(error)")
        }
        return Outcome(
            counts: history.counts,
            objections: history.objections,
            resources: resources,
            history: history.text()
        )
    }

    /// - Returns: what the gate that lives on used, early and at the end.
    private func happen(to fleet: Fleet, _ history: History) async throws -> String? {
        let pool = TokenPool()
        let lives = TokenLives(fleet: fleet, pool: pool, history: history)
        let signed = SignedLives(fleet: fleet, pool: pool, history: history)
        let askers = Askers(fleet: fleet, pool: pool, history: history)
        guard let lasting = await lives.lastingToken() else {
            throw TestFailure("no token was issued")
        }
        pool.add(lasting)
        async let early = resources(of: fleet.gates[0])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<Self.askers {
                group.addTask { try await askers.ask(drawing: random(200 + number)) }
            }
            group.addTask {
                try await befall(fleet, lives, signed, history) { askers.beginCalm() }
                askers.stop()
            }
            try await group.waitForAll()
        }
        for token in [lasting, try signed.lastingToken()] {
            try await checkRecovery(of: fleet, with: token, askers, history)
        }
        guard let first = try await early, let last = fleet.gates[0].resources else { return nil }
        if last.hasGrown(since: first) { history.object("\(fleet.gates[0].name) has grown") }
        return "\(fleet.gates[0].name) after a quarter of the time: \(first); at the end: \(last)"
    }

    /// What a gate uses after a quarter of the time.
    private func resources(of gate: GateSlot) async throws -> Resources? {
        try await Task.sleep(for: duration / 4)
        return gate.resources
    }

    /// Leads tokens through their lives while one fault comes after the other, and waits for the tokens' ends.
    private func befall(
        _ fleet: Fleet,
        _ lives: TokenLives,
        _ signed: SignedLives,
        _ history: History,
        whenOver calm: @escaping @Sendable () -> Void
    ) async throws {
        let end = ContinuousClock.now + duration
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<Self.lives {
                group.addTask { try await lives.lead(until: end, drawing: random(100 + number)) }
            }
            for number in 0..<Self.signedLives {
                group.addTask { try await signed.lead(until: end, drawing: random(300 + number)) }
            }
            group.addTask { try await signed.changeKeys(until: end, drawing: random(3)) }
            group.addTask {
                async let backends: Void = befall(fleet, until: end, history, drawing: random(1)) { random in
                    Fault.ofBackends(&random, pace)
                }
                async let gates: Void = befall(fleet, until: end, history, drawing: random(2)) { random in
                    Fault.ofGates(fleet.gates.count, &random, pace)
                }
                _ = try await (backends, gates)
                calm()
            }
            try await group.waitForAll()
        }
    }

    private func random(_ stream: Int) -> Seeded {
        Seeded(seed: seed, stream: UInt64(stream))
    }

    /// Brings one fault about after the other.
    private func befall(
        _ fleet: Fleet,
        until end: ContinuousClock.Instant,
        _ history: History,
        drawing random: Seeded,
        _ draw: @Sendable (inout Seeded) -> Fault
    ) async throws {
        var random = random
        while ContinuousClock.now < end {
            let fault = draw(&random)
            history.count(fault.name)
            history.note("\(fault)")
            try await fleet.suffer(fault)
            history.note("over: \(fault.name)")
            try await Task.sleep(for: random.duration(0...1500))
        }
    }

    /// With nothing more happening, every gate is to find a valid token in the store again.
    private func checkRecovery(
        of fleet: Fleet,
        with token: KnownToken,
        _ askers: Askers,
        _ history: History
    ) async throws {
        for gate in fleet.gates {
            let end = ContinuousClock.now + .seconds(60)
            while await askers.ask(gate, about: token)?.content != .accepted(.store, subject: token.subject) {
                guard ContinuousClock.now < end else {
                    history.object("\(gate.name) did not recover", about: token.number)
                    break
                }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }
}
