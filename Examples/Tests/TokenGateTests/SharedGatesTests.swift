import ExampleFleet
import Foundation
import HTTPTransports
import HTTPTypes
import Testing
import TokenVerificationTestSupport

/// Two gates on one SQLite file, as real processes.
@Suite(.timeLimit(.minutes(10))) struct SharedGatesTests {
    private let scene: Scene

    init() throws {
        scene = try Scene()
    }

    @Test func `what one asked, the other knows, also after kill -9`() async throws {
        let authority = try await AuthorityProcess(errors: try scene.errors())
        let first = try await scene.gate(asking: authority.address)
        let second = try await scene.gate(asking: authority.address)
        let token = try await authority.token(for: "alice", scope: "read")
        #expect(try await first.verify(token).source == "miss")
        #expect(try await second.verify(token).source == "hit")
        await first.kill()
        await second.kill()
        let third = try await scene.gate(asking: authority.address)
        #expect(try await third.verify(token).source == "hit")
        #expect(try await authority.questions() == 1)
        #expect(try await third.stop() == 0)
        try await authority.stop()
    }

    @Test func `what one forgets, the other does not accept any more`() async throws {
        let authority = try await AuthorityProcess(errors: try scene.errors())
        let first = try await scene.gate(asking: authority.address)
        let second = try await scene.gate(asking: authority.address)
        let token = try await authority.token(for: "alice", scope: "read")
        #expect(try await first.verify(token).head.status == .ok)
        try await authority.revoke(token)
        #expect(try await second.verify(token).source == "hit")
        #expect(try await first.forget(token).head.status == .noContent)
        for gate in [first, second] {
            #expect(try await gate.verify(token).head.status == .unauthorized)
            #expect(try await gate.stop() == 0)
        }
        try await authority.stop()
    }

    @Test func `an answer that was under way when the other one forgot it never comes back`() async throws {
        let authority = try await AuthorityProcess(delay: .seconds(1), errors: try scene.errors())
        let first = try await scene.gate(asking: authority.address)
        let second = try await scene.gate(asking: authority.address)
        let token = try await authority.token(for: "alice", scope: "read")
        async let underWay = first.verify(token)
        // The authority has found the token in force once it has counted the question, and takes its time to say so.
        try await eventually { try await authority.questions() > 0 }
        try await authority.revoke(token)
        #expect(try await second.forget(token).head.status == .noContent)
        #expect(try await underWay.head.status == .ok)
        for gate in [first, second] {
            #expect(try await gate.verify(token).head.status == .unauthorized)
            #expect(try await gate.stop() == 0)
        }
        #expect(try await authority.questions() == 3)
        try await authority.stop()
    }

    @Test func `fifty first uses at once are one question`() async throws {
        let authority = try await AuthorityProcess(delay: .milliseconds(200), errors: try scene.errors())
        let gate = try await scene.gate(asking: authority.address)
        let token = try await authority.token(for: "alice", scope: "read")
        let sources = try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<50 { group.addTask { try await gate.verify(token).source } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(sources.count == 50)
        #expect(sources.filter { $0 == "miss" }.count == 1)
        #expect(try await authority.questions() == 1)
        #expect(try await gate.stop() == 0)
        try await authority.stop()
    }

    @Test func `first uses at three gates are one question, if they share it`() async throws {
        let authority = try await AuthorityProcess(delay: .milliseconds(300), errors: try scene.errors())
        var gates: [GateProcess] = []
        for _ in 0..<3 {
            gates.append(try await scene.gate(asking: authority.address, "--sharing", "fleet"))
        }
        let token = try await authority.token(for: "alice", scope: "read")
        let sources = try await gates.askAtOnce(about: token)
        #expect(sources.count == 96)
        #expect(sources.filter { $0 == "miss" }.count == 1)
        #expect(try await authority.questions() == 1)
        for gate in gates { #expect(try await gate.stop() == 0) }
        try await authority.stop()
    }

    @Test func `a subject that one forgets, the other accepts for a second at the most`() async throws {
        let authority = try await AuthorityProcess(errors: try scene.errors())
        let first = try await scene.gate(asking: authority.address, "--revocation-marks")
        let second = try await scene.gate(asking: authority.address, "--revocation-marks", "--near", "60")
        let token = try await authority.token(for: "alice", scope: "read")
        _ = try await first.verify(token)
        for _ in 0..<2 { #expect(try await second.verify(token).source == "hit") }
        try await authority.revoke(token)
        #expect(try await first.forget(["subject": "alice"]).head.status == .noContent)
        let forgotten = ContinuousClock.now
        #expect(try await first.verify(token).head.status == .unauthorized)
        try await eventually { try await second.verify(token).head.status != .ok }
        // A second, and the time that the last request took.
        #expect(ContinuousClock.now - forgotten < .seconds(3))
        for gate in [first, second] { #expect(try await gate.stop() == 0) }
        try await authority.stop()
    }
}
