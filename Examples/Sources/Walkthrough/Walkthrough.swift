import ExampleFleet
import Foundation
import HTTPTransports
import HTTPTypes
import TokenVerificationTestSupport

/// The main job, step by step: one authorization server, and TokenGates that share a SQLite file.
struct Walkthrough {
    /// As long as introspection typically takes across a network.
    private static let delay: Duration = .milliseconds(50)

    private let directory: TemporaryDirectory
    private let report: Report
    private let log: FileHandle
    private let steps: Steps

    init(in directory: TemporaryDirectory, report: Report, log: FileHandle) {
        self.directory = directory
        self.report = report
        self.log = log
        steps = Steps(report: report, storeName: "the file")
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
        try await steps.step(
            "Alice's token, for the first time",
            alice,
            gate,
            authority,
            .asked("200 alice"),
            1
        )
        try await steps.step("the same token again", alice, gate, authority, .kept("200 alice"), 1)
        try await steps.step(
            "a token that was never issued",
            "nobody-issued-this",
            gate,
            authority,
            .asked("401 invalid_token"),
            2
        )
        let narrow = try await authority.token(for: "bob", scope: "write")
        try await steps.step(
            "Bob's token, without the scope read",
            narrow,
            gate,
            authority,
            .asked("403 insufficient_scope"),
            3
        )
        try await steps.burst("50 requests at once with Dave's new token", by: "dave", [gate], authority)

        let second = try await self.gate(asking: address)
        try await steps.step(
            "Alice's token, by a second process",
            alice,
            second,
            authority,
            .kept("200 alice"),
            4
        )
        try await second.stop()
        let status = try await gate.stop()
        if status != 0 { report.fail("TokenGate ended with status \(status)") }
        gate = try await self.gate(asking: address)
        try await steps.step("Alice's token, after a restart", alice, gate, authority, .kept("200 alice"), 4)

        try await steps.leave(authority)
        try await authority.stop()
        try await steps.step("authority down: Alice's token", alice, gate, nil, .kept("200 alice"), 4)
        try await steps.step(
            "authority down: a new token",
            "unknown-so-far",
            gate,
            nil,
            .unanswered("503"),
            4
        )

        authority = try await AuthorityProcess(delay: Self.delay, at: address, errors: log)
        let carol = try await authority.token(for: "carol", scope: "read")
        try await steps.step("authority back: Carol's token", carol, gate, authority, .asked("200 carol"), 5)
        try await authority.revoke(carol)
        try await steps.step(
            "Carol's token, revoked there, but known here",
            carol,
            gate,
            authority,
            .kept("200 carol"),
            5
        )
        let forgotten = try await gate.forget(carol)
        if forgotten.head.status.code != 204 { report.fail("forgetting gave \(forgotten.head.status.code)") }
        try await steps.step(
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
}
