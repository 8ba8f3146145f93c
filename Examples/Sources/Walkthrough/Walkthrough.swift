import ExampleFleet
import Foundation
import HTTPTransports
import HTTPTypes

/// The main job, step by step: one authorization server, and TokenGates that share a SQLite file.
final class Walkthrough {
    /// As long as introspection typically takes across a network.
    private static let delay: Duration = .milliseconds(50)

    private let directory: TemporaryDirectory
    private let report: Report
    private let log: FileHandle
    /// How often earlier authorization servers had been asked when they were stopped.
    private var earlierQuestions = 0
    private var knownQuestions = 0

    init(in directory: TemporaryDirectory, report: Report, log: FileHandle) {
        self.directory = directory
        self.report = report
        self.log = log
    }

    func run() async throws {
        report.begin(
            """
            A TokenGate in front of your service is asked about every request. It asks the authorization server, which
            takes \(Int(Self.delay / .milliseconds(1))) ms, and keeps the answer, sealed, in a SQLite file.
            """
        )
        var authority = try await AuthorityProcess(delay: Self.delay, errors: log)
        let address = authority.address
        var gate = try await gate(asking: address)

        let alice = try await authority.token(for: "alice", scope: "read write")
        try await step("Alice's token, for the first time", alice, gate, authority, .asked("200 alice"), 1)
        try await step("the same token again", alice, gate, authority, .kept("200 alice"), 1)
        try await step(
            "a token that nobody issued",
            "nobody-issued-this",
            gate,
            authority,
            .asked("401 invalid_token"),
            2
        )
        let narrow = try await authority.token(for: "bob", scope: "write")
        try await step(
            "Bob's token, without the scope read",
            narrow,
            gate,
            authority,
            .asked("403 insufficient_scope"),
            3
        )
        try await manyAtOnce(gate, authority)

        let second = try await self.gate(asking: address)
        try await step("Alice's token, by a second process", alice, second, authority, .kept("200 alice"), 4)
        try await second.stop()
        let status = try await gate.stop()
        if status != 0 { report.fail("TokenGate ended with status \(status)") }
        gate = try await self.gate(asking: address)
        try await step("Alice's token, after a restart", alice, gate, authority, .kept("200 alice"), 4)

        earlierQuestions = try await authority.questions()
        try await authority.stop()
        try await step("authority down: Alice's token", alice, gate, nil, .kept("200 alice"), 4)
        try await step("authority down: a new token", "unknown-so-far", gate, nil, .nobody("503"), 4)

        authority = try await AuthorityProcess(delay: Self.delay, at: address, errors: log)
        let carol = try await authority.token(for: "carol", scope: "read")
        try await step("authority back: Carol's token", carol, gate, authority, .asked("200 carol"), 5)
        try await authority.revoke(carol)
        try await step(
            "Carol's token, revoked there, but known here",
            carol,
            gate,
            authority,
            .kept("200 carol"),
            5
        )
        let forgotten = try await gate.forget(carol)
        if forgotten.head.status.code != 204 { report.fail("forgetting gave \(forgotten.head.status.code)") }
        try await step(
            "Carol's token, forgotten here as well",
            carol,
            gate,
            authority,
            .asked("401 invalid_token"),
            6
        )

        try await gate.stop()
        try await authority.stop()
        report.end()
    }

    private func gate(asking authority: String) async throws -> GateProcess {
        try await GateProcess(
            asking: authority,
            ["--store", "sqlite:" + directory.path(of: "tokens.db"), "--require-scope", "read"],
            environment: ["TOKEN_GATE_SEALING_SECRET": "a secret that every process of a fleet is given"],
            errors: log
        )
    }

    /// What should come of a step, in the table's words.
    private struct Wanted {
        let answer: String
        let source: String

        static func asked(_ answer: String) -> Self { Self(answer: answer, source: "the authority") }
        static func kept(_ answer: String) -> Self { Self(answer: answer, source: "the file") }
        static func nobody(_ answer: String) -> Self { Self(answer: answer, source: "nobody could say") }
    }

    private func step(
        _ asked: String,
        _ token: String,
        _ gate: GateProcess,
        _ authority: AuthorityProcess?,
        _ wanted: Wanted,
        _ wantedQuestions: Int
    ) async throws {
        let start = ContinuousClock.now
        let reply = try await gate.verify(token)
        let duration = ContinuousClock.now - start
        if let authority { knownQuestions = try await authority.questions() + earlierQuestions }
        let outcome = Report.Outcome(answer: reply.answer, source: reply.origin, questions: knownQuestions)
        let expected = Report.Outcome(
            answer: wanted.answer,
            source: wanted.source,
            questions: wantedQuestions
        )
        report.step(asked, outcome, wanted: expected, took: duration)
    }

    private func manyAtOnce(_ gate: GateProcess, _ authority: AuthorityProcess) async throws {
        let token = try await authority.token(for: "dave", scope: "read")
        let start = ContinuousClock.now
        let replies = try await withThrowingTaskGroup(of: HTTPReply.self) { group in
            for _ in 0..<50 { group.addTask { try await gate.verify(token) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let duration = ContinuousClock.now - start
        let accepted = replies.filter { $0.answer == "200 dave" }.count
        let asked = replies.filter { $0.source == "miss" }.count
        knownQuestions = try await authority.questions() + earlierQuestions
        report.step(
            "50 requests at once with Dave's new token",
            Report.Outcome(
                answer: "\(accepted) of 50: 200 dave",
                source: asked == 1 ? "one question, shared by all" : "\(asked) questions",
                questions: knownQuestions
            ),
            wanted: Report.Outcome(
                answer: "50 of 50: 200 dave",
                source: "one question, shared by all",
                questions: 4
            ),
            took: duration
        )
    }
}
