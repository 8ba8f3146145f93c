import ExampleFleet
import Foundation
import HTTPTransports
import HTTPTypes
import Testing

/// What a gate offers to those who run it.
@Suite(.timeLimit(.minutes(10))) struct OperationTests {
    private let scene: Scene

    init() throws {
        scene = try Scene()
    }

    private func text(_ client: Client, _ path: String) async throws -> String {
        String(decoding: try await client.send(.get, path).body, as: UTF8.self)
    }

    @Test func `a second listener takes the administrative paths off the first one`() async throws {
        let authority = try await AuthorityProcess(errors: try scene.errors())
        let gate = try await GateProcess(
            asking: authority.address,
            ["--admin-listen", "127.0.0.1:0"],
            errors: try scene.errors()
        )
        let admin = try await gate.admin()
        for path in ["/metrics", "/status"] {
            #expect(try await gate.client.send(.get, path).head.status == .notFound)
            #expect(try await admin.send(.get, path).head.status == .ok)
        }
        for path in ["/livez", "/readyz", "/healthz"] {
            for client in [gate.client, admin] {
                #expect(try await client.send(.get, path).head.status == .ok)
            }
        }
        let secret = "Bearer " + GateProcess.adminSecret
        for (client, status) in [(gate.client, 404), (admin, 204)] {
            let reply = try await client.send(.post, "/forget", authorization: secret, form: ["token": "a"])
            #expect(reply.head.status.code == status)
        }
        #expect(try await admin.send(.get, "/verify").head.status == .notFound)
        await admin.close()
        #expect(try await gate.stop() == 0)
        try await authority.stop()
    }

    @Test func `metrics and the status page count what happened, and show nothing of a token or a subject`()
        async throws
    {
        let authority = try await AuthorityProcess(errors: try scene.errors())
        let gate = try await GateProcess(
            asking: authority.address,
            ["--capacity", "3"],
            errors: try scene.errors()
        )
        let token = try await authority.token(for: "alice", scope: "read")
        for _ in 0..<3 { _ = try await gate.verify(token) }
        _ = try await gate.verify("unknownToken")
        _ = try await gate.client.send(.get, "/verify")
        _ = try await gate.client.send(.get, "/verify", authorization: "Bearer a b")
        let metrics = try await text(gate.client, "/metrics").split(separator: "\n").map(String.init)
        for line in [
            #"token_gate_answers_total{source="authority",outcome="accepted"} 1"#,
            #"token_gate_answers_total{source="memory",outcome="accepted"} 2"#,
            #"token_gate_answers_total{source="none",outcome="refused"} 1"#,
            #"token_gate_answers_total{source="none",outcome="missing"} 1"#,
            #"token_gate_answers_total{source="none",outcome="malformed"} 1"#,
            #"token_gate_questions_total{outcome="accepted"} 1"#,
            #"token_gate_questions_total{outcome="refused"} 1"#,
            #"token_gate_question_seconds_bucket{le="+Inf"} 2"#, "token_gate_question_seconds_count 2",
            "token_gate_questions_waiting 0", #"token_gate_authority_up{authority="introspection"} 1"#,
            #"token_gate_store_up{use="reads"} 1"#, "token_gate_entries 1", "token_gate_capacity 3",
            "token_gate_evictions_total 0", "token_gate_memory_hits_total 2", "token_gate_leases_total 0",
        ] {
            #expect(metrics.contains(line), "\(line)")
        }
        #expect(metrics.contains { $0.hasPrefix("token_gate_build_info{") && $0.hasSuffix(" 1") })
        // Each line is a comment or a sample, and each metric is explained once.
        let explained = metrics.filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ")[2] }
        #expect(Set(explained).count == explained.count)
        let page = try await text(gate.client, "/status")
        #expect(page.contains("Everything works") && page.contains("66.6 %"))
        for secret in [token, "alice", "unknownToken", GateProcess.adminSecret] {
            #expect(!page.contains(secret) && !metrics.contains { $0.contains(secret) })
        }
        for outside in ["http:", "https:", "src=", "url("] { #expect(!page.contains(outside)) }
        #expect(try await gate.stop() == 0)
        try await authority.stop()
    }

    @Test func `an authority that does not answer is named, and the gate stays ready`() async throws {
        let gate = try await GateProcess(asking: "http://127.0.0.1:9", errors: try scene.errors())
        #expect(try await text(gate.client, "/readyz") == #"{"degraded":[],"ready":true}"# + "\n")
        for number in 0..<6 { _ = try await gate.verify("token\(number)") }
        #expect(
            try await text(gate.client, "/readyz")
                == #"{"degraded":["authority:introspection"],"ready":true}"# + "\n"
        )
        #expect(
            try await text(gate.client, "/metrics").contains(#"authority_up{authority="introspection"} 0"#)
        )
        #expect(try await text(gate.client, "/status").contains("Degraded"))
        #expect(try await gate.stop() == 0)
    }

    @Test(arguments: ["text", "json"])
    func `requests are logged without tokens and queries, if asked to`(format: String) async throws {
        let authority = try await AuthorityProcess(errors: try scene.errors())
        let gate = try await GateProcess(
            asking: authority.address,
            ["--access-log", "--log-format", format],
            errors: try scene.errors()
        )
        let token = try await authority.token(for: "alice", scope: "read")
        _ = try await gate.client.send(
            .get,
            "/verify/secretPath?secret=query",
            authorization: "Bearer \(token)"
        )
        _ = try await gate.verify("unknownToken")
        #expect(try await gate.stop() == 0)
        let lines = scene.complaints.split(separator: "\n").filter { $0.contains("token-gate.access") }
        #expect(lines.count == 2)
        #expect(lines.first?.contains("authority") == true && lines.last?.contains("refused") == true)
        for secret in [token, "alice", "unknownToken", "secret"] {
            #expect(!scene.complaints.contains(secret))
        }
        guard format == "json" else { return }
        for line in lines {
            let members = try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
            #expect(members["level"] == "info" && members["logger"] == "token-gate.access")
            #expect(members["method"] == "GET" && members["microseconds"].flatMap { Int($0) } != nil)
        }
        try await authority.stop()
    }

    @Test func `the protected resource describes itself, and challenges say where`() async throws {
        let gate = try await GateProcess(
            asking: "http://127.0.0.1:9",
            [
                "--resource", "https://api.example/mcp", "--authorization-server", "https://issuer.example",
                "--require-scope", "read",
            ],
            errors: try scene.errors()
        )
        let url = "https://api.example/.well-known/oauth-protected-resource/mcp"
        let challenge = try await gate.client.send(.get, "/verify")["WWW-Authenticate"]
        #expect(challenge == #"Bearer realm="token-gate", resource_metadata="\#(url)""#)
        #expect(
            try await text(gate.client, "/.well-known/oauth-protected-resource/mcp")
                == #"{"resource":"https://api.example/mcp","authorization_servers":["https://issuer.example"],"#
                + #""scopes_supported":["read"],"bearer_methods_supported":["header"]}"#
        )
        #expect(try await gate.stop() == 0)
    }
}
