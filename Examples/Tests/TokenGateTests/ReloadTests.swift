import ExampleFleet
import Foundation
import HTTPTransports
import HTTPTypes
import RawHTTP
import Testing
import TokenVerificationTestSupport

/// SIGHUP at a gate with a file of settings.
@Suite(.timeLimit(.minutes(10))) struct ReloadTests {
    private let scene: Scene

    init() throws {
        scene = try Scene()
    }

    private static let done = "SIGHUP: the configuration was read again"

    @Test func `a new configuration counts at once, with the answers that are kept and the connections`()
        async throws
    {
        let authority = try await AuthorityProcess(errors: try scene.errors())
        try scene.configure("{}")
        let gate = try await GateProcess(
            asking: authority.address,
            ["--config", scene.path("gate.json")],
            errors: try scene.errors()
        )
        let token = try await authority.token(for: "alice", scope: "read")
        let port = try #require(gate.client.address.split(separator: ":").last.flatMap { Int($0) })
        let statuses = try await LoopbackClient.run(port: port) { [scene] client in
            let request = "GET /verify HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n\r\n"
            client.send(request)
            let before = try client.answer()?.status
            try scene.configure(
                #"{"scopes": ["admin"], "subject-field": "Remote-User", "profiles": {"open": {"scopes": []}}, "access-log": true}"#
            )
            gate.hangUp()
            while !scene.complaints.contains(Self.done) { usleep(10_000) }
            client.send(request)
            return [before, try client.answer()?.status]
        }
        #expect(statuses == [200, 403])
        let reply = try await gate.client.send(
            .get,
            "/profiles/open/verify",
            authorization: "Bearer \(token)"
        )
        #expect(reply["Remote-User"] == "alice" && reply.source == "hit")
        #expect(try await authority.questions() == 1)
        #expect(scene.complaints.contains("token-gate.access"))
        #expect(try await gate.stop() == 0)
        try await authority.stop()
    }

    @Test func `a wrong configuration changes nothing, and what needs a restart is named`() async throws {
        let authority = try await AuthorityProcess(errors: try scene.errors())
        try scene.configure(#"{"scopes": ["read"], "capacity": 3}"#)
        let gate = try await GateProcess(
            asking: authority.address,
            ["--config", scene.path("gate.json")],
            errors: try scene.errors()
        )
        let token = try await authority.token(for: "alice", scope: "read")
        for (number, json) in [#"{"scope": ["admin"]}"#, "{", #"{"admin-secret-file": "/nowhere"}"#]
            .enumerated()
        {
            try scene.configure(json)
            gate.hangUp()
            try await scene.waitForLine("the old configuration stays in use", times: number + 1)
            #expect(try await gate.verify(token).head.status == .ok)
        }
        try scene.configure(#"{"scopes": ["admin"], "capacity": 4}"#)
        gate.hangUp()
        try await scene.waitForLine(Self.done)
        #expect(scene.complaints.contains("needs a restart: \(scene.path("gate.json")): capacity"))
        #expect(try await gate.verify(token).head.status == .forbidden)
        let metrics = String(decoding: try await gate.client.send(.get, "/metrics").body, as: UTF8.self)
        #expect(metrics.contains("token_gate_capacity 3\n"))
        #expect(try await gate.stop() == 0)
        try await authority.stop()
    }

    @Test func `an authority that is replaced is no longer reported as down`() async throws {
        let authority = try await AuthorityProcess(errors: try scene.errors())
        let secret = scene.path("secret")
        try Data(AuthorityProcess.clientSecret.utf8).write(to: URL(fileURLWithPath: secret))
        func configure(_ address: String) throws {
            try scene.configure(
                #"{"authority": {"introspection-endpoint": "\#(address)/introspect", "client-id": "gate", "client-secret-file": "\#(secret)"}}"#
            )
        }
        try configure("http://127.0.0.1:9")
        let gate = try await GateProcess(configured: scene.path("gate.json"), errors: try scene.errors())
        for number in 0..<6 { _ = try await gate.verify("token\(number)") }
        func readiness() async throws -> String {
            String(decoding: try await gate.client.send(.get, "/readyz").body, as: UTF8.self)
        }
        #expect(try await readiness().contains("authority:introspection"))
        try configure(authority.address)
        gate.hangUp()
        try await scene.waitForLine(Self.done)
        #expect(try await readiness() == #"{"degraded":[],"ready":true}"# + "\n")
        #expect(try await gate.verify("unknown").head.status == .unauthorized)
        #expect(try await gate.stop() == 0)
        try await authority.stop()
    }

    @Test func `secrets are read again`() async throws {
        let authority = try await AuthorityProcess(errors: try scene.errors())
        let secret = URL(fileURLWithPath: scene.path("secret"))
        try Data("the-wrong-secret".utf8).write(to: secret)
        let process = try ChildProcess(
            .sibling("token-gate"),
            [
                "serve", "--listen", "127.0.0.1:0", "--introspection-endpoint",
                authority.address + "/introspect",
                "--client-id", "gate",
            ],
            environment: ["TOKEN_GATE_CLIENT_SECRET_FILE": secret.path],
            errors: try scene.errors()
        )
        let client = try Client(try await process.address())
        let token = "Bearer " + (try await authority.token(for: "alice", scope: "read"))
        #expect(
            try await client.send(.get, "/verify", authorization: token).head.status == .serviceUnavailable
        )
        try Data(AuthorityProcess.clientSecret.utf8).write(to: secret)
        process.signal(SIGHUP)
        try await scene.waitForLine(Self.done)
        #expect(try await client.send(.get, "/verify", authorization: token).head.status == .ok)
        await client.close()
        #expect(try await process.terminate() == 0)
        try await authority.stop()
    }
}
