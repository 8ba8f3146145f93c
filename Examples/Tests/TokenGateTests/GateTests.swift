import ExampleFleet
import Foundation
import HTTPTransports
import HTTPTypes
import Testing
import TokenVerificationTestSupport

/// One gate and one authorization server, as real processes.
@Suite(.timeLimit(.minutes(10))) struct GateTests {
    private let scene: Scene

    init() throws {
        scene = try Scene()
    }

    private func serving(
        _ arguments: String...,
        test: (GateProcess, AuthorityProcess) async throws -> Void
    ) async throws {
        let authority = try await AuthorityProcess(errors: try scene.errors())
        let gate = try await GateProcess(asking: authority.address, arguments, errors: try scene.errors())
        try await test(gate, authority)
        #expect(try await gate.stop() == 0)
        try await authority.stop()
    }

    @Test func `answers any method, and below its path too`() async throws {
        try await serving { gate, authority in
            let authorization = "Bearer " + (try await authority.token(for: "Zoë 100%", scope: "b a"))
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "PROPFIND"] {
                let method = try #require(HTTPRequest.Method(method))
                for path in ["/verify", "/verify?x=y", "/verify/orders/1?x=y"] {
                    let reply = try await gate.client.send(method, path, authorization: authorization)
                    #expect(reply.head.status == .ok, "\(method) \(path)")
                    #expect(reply["X-Token-Subject"] == "Zo%C3%AB%20100%25")
                    #expect(reply["X-Token-Client-ID"] == "gate")
                    #expect(reply["X-Token-Scopes"] == "a b")
                }
            }
            #expect(try await authority.questions() == 1)
        }
    }

    @Test func `says what is wrong by RFC 6750`() async throws {
        try await serving("--require-scope", "read") { gate, authority in
            let narrow = try await authority.token(for: "bob", scope: "write")
            let long = String(repeating: "a", count: 8_193)
            for (authorization, status, error) in [
                (nil, 401, nil), ("Basic YTpi", 401, nil), ("Bearer unknown", 401, "invalid_token"),
                ("Bearer \(narrow)", 403, #"insufficient_scope", error_description"#),
                ("Bearer \(narrow)", 403, #"scope="read""#), ("Bearer a,b", 400, "invalid_request"),
                ("Bearer \(long)", 400, "invalid_request"),
            ] as [(String?, Int, String?)] {
                let reply = try await gate.client.send(.get, "/verify", authorization: authorization)
                #expect(reply.head.status.code == status)
                let challenge = try #require(reply["WWW-Authenticate"])
                #expect(challenge.hasPrefix("Bearer "))
                #expect(error.map(challenge.contains) ?? !challenge.contains("error"))
            }
            let query = try await gate.client.send(.get, "/verify?access_token=\(narrow)")
            #expect(query.head.status == .badRequest)
        }
    }

    @Test
    func `refuses a token in the query of the request that a proxy asks about, and reads nothing else of it`()
        async throws
    {
        try await serving("--require-scope", "read") { gate, authority in
            let token = try await authority.token(for: "alice", scope: "read")
            for name in ["X-Forwarded-Uri", "X-Original-URI", "X-Original-URL"] {
                for (target, status) in [
                    ("/orders?access_token=\(token)", 400),
                    ("https://api.example/?a=b&access%5Ftoken=x", 400),
                    ("/orders?scope=admin", 200), ("/access_token=x", 200),
                ] {
                    let reply = try await gate.client.send(
                        .get,
                        "/verify?scope=admin&require-scope=admin",
                        authorization: "Bearer \(token)",
                        fields: [name: target]
                    )
                    #expect(reply.head.status.code == status, "\(name): \(target)")
                }
            }
        }
    }

    @Test func `does not refuse a token because the authority is down`() async throws {
        let gate = try await GateProcess(asking: "http://127.0.0.1:9", errors: try scene.errors())
        let reply = try await gate.verify("anything")
        #expect(reply.head.status == .serviceUnavailable)
        #expect(reply["Retry-After"] != nil)
        #expect(reply["WWW-Authenticate"] == nil)
        #expect(try await gate.stop() == 0)
        #expect(!scene.complaints.contains("anything"))
    }

    @Test func `forgets only for requests with the admin secret`() async throws {
        try await serving { gate, authority in
            let token = try await authority.token(for: "alice", scope: "read")
            func forget(_ authorization: String?, _ form: KeyValuePairs<String, String>) async throws -> Int {
                try await gate.client.send(.post, "/forget", authorization: authorization, form: form).head
                    .status.code
            }
            let secret = "Bearer " + GateProcess.adminSecret
            _ = try await gate.verify(token)
            for wrong in [
                nil, "Bearer \(token)", secret + "x", "Bearer " + GateProcess.adminSecret.dropLast(),
            ] {
                #expect(try await forget(wrong, ["token": token]) == 401)
            }
            #expect(try await forget(secret, ["token": "no token"]) == 400)
            #expect(try await forget(secret, ["token": token, "token": "a"]) == 400)
            #expect(try await forget(secret, ["tokens": token]) == 400)
            #expect(try await forget(secret, [:]) == 415)
            #expect(try await gate.verify(token).source == "hit")
            #expect(try await forget(secret, ["token": token]) == 204)
            // What forgets does not revoke: the authority is asked again.
            #expect(try await gate.verify(token).source == "miss")
        }
    }

    @Test func `forgets all tokens of a subject or a client, and takes exactly one of the three`()
        async throws
    {
        try await serving("--revocation-marks") { gate, authority in
            let alice = try await authority.token(for: "alice", scope: "read")
            let bob = try await authority.token(for: "bob", scope: "read")
            func forget(_ form: KeyValuePairs<String, String>) async throws -> Int {
                try await gate.forget(form).head.status.code
            }
            for token in [alice, bob] { _ = try await gate.verify(token) }
            for wrong: KeyValuePairs in [
                ["token": alice, "subject": "alice"], ["subject": "alice", "client_id": "gate"],
                ["subject": ""], ["client_id": ""], ["subject": "alice", "subject": "bob"], ["user": "alice"],
            ] {
                #expect(try await forget(wrong) == 400)
            }
            for token in [alice, bob] { #expect(try await gate.verify(token).source == "hit") }
            #expect(try await forget(["subject": "alice"]) == 204)
            #expect(try await gate.verify(alice).source == "miss")
            #expect(try await gate.verify(bob).source == "hit")
            #expect(try await forget(["client_id": "gate"]) == 204)
            for token in [alice, bob] { #expect(try await gate.verify(token).source == "miss") }
        }
        try await serving { gate, _ in
            let reply = try await gate.forget(["subject": "alice"])
            #expect(reply.head.status == .badRequest)
        }
    }

    @Test func `goes on with old answers while the authority is down, if told to`() async throws {
        let authority = try await AuthorityProcess(errors: try scene.errors())
        let gate = try await GateProcess(
            asking: authority.address,
            ["--lifetime", "1", "--stale-grace", "600"],
            errors: try scene.errors()
        )
        let token = try await authority.token(for: "alice", scope: "read")
        #expect(try await gate.verify(token).source == "miss")
        try await authority.stop()
        var reply = try await gate.verify(token)
        try await eventually {
            reply = try await gate.verify(token)
            return reply.source != "hit"
        }
        #expect(reply.head.status == .ok && reply.source == "stale")
        #expect(try await gate.verify("unknown").head.status == .serviceUnavailable)
        #expect(try await gate.forget(token).head.status == .noContent)
        #expect(try await gate.verify(token).head.status == .serviceUnavailable)
        #expect(try await gate.stop() == 0)
    }

    @Test func `can't be made to forget when no secret is set`() async throws {
        let process = try ChildProcess(
            .sibling("token-gate"),
            ["serve", "--github", "--github-api", "http://127.0.0.1:9", "--listen", "127.0.0.1:0"],
            environment: ["TOKEN_GATE_ADMIN_SECRET": ""],
            errors: try scene.errors()
        )
        let client = try Client(try await process.address())
        for authorization in ["Bearer", "Bearer =", "Bearer x"] {
            let reply = try await client.send(
                .post,
                "/forget",
                authorization: authorization,
                form: ["token": "a"]
            )
            #expect(reply.head.status == .notFound)
        }
        await client.close()
        #expect(try await process.terminate() == 0)
    }

    @Test func `remembers refusals only if asked to`() async throws {
        for (arguments, questions) in [([], 3), (["--refusal-lifetime", "60"], 1)] {
            let authority = try await AuthorityProcess(errors: try scene.errors())
            let gate = try await GateProcess(asking: authority.address, arguments, errors: try scene.errors())
            for _ in 0..<3 { #expect(try await gate.verify("unknown").head.status == .unauthorized) }
            #expect(try await authority.questions() == questions)
            try await gate.stop()
            try await authority.stop()
        }
    }
}
