import ExampleFleet
import Foundation
import HTTPTransports
import HTTPTypes
import Testing
import TokenVerificationTestSupport

/// A gate with several authorities: GitHub by its prefix, an issuer of signed tokens, and an introspection endpoint.
@Suite(.timeLimit(.minutes(10))) struct RoutedGateTests {
    private let scene: Scene

    init() throws {
        scene = try Scene()
    }

    private func serving(
        _ issuer: FakeIssuer,
        test: (GateProcess, AuthorityProcess) async throws -> Void
    ) async throws {
        let authority = try await AuthorityProcess(errors: try scene.errors())
        let secret = scene.path("secret")
        try Data(AuthorityProcess.clientSecret.utf8).write(to: URL(fileURLWithPath: secret))
        try await FakeGitHub.run { gitHub in
            try await issuer.run { keys in
                try scene.configure(
                    """
                    {"scopes": ["read"], "revocation-marks": true, "authorities": {
                       "hub": {"github": true, "github-api": "\(gitHub)", "prefixes": ["gho_"], "scopes": ["repo"]},
                       "signed": {"jwt-issuer": "\(FakeIssuer.name)", "jwt-audiences": ["api"], "jwt-keys": "\(keys)/keys",
                                  "scope-claim": "permissions"},
                       "own": {"introspection-endpoint": "\(authority.address)/introspect", "client-id": "gate",
                               "client-secret-file": "\(secret)", "default": true}},
                     "profiles": {"admin": {"scopes": ["admin"]}}}
                    """
                )
                let gate = try await GateProcess(
                    configured: scene.path("gate.json"),
                    errors: try scene.errors()
                )
                try await test(gate, authority)
                #expect(try await gate.stop() == 0)
            }
        }
        try await authority.stop()
    }

    @Test func `each token is shown to one authority, and meets its requirements`() async throws {
        let issuer = FakeIssuer()
        try await serving(issuer) { gate, authority in
            let own = try await authority.token(for: "alice", scope: "read")
            for (token, status, subject) in [
                (own, 200, "alice"), ("gho_alice", 200, "7"),
                (try issuer.token(permission: "read"), 200, "carol"),
                ("gho_unknown", 401, nil), (try FakeIssuer().token(permission: "read"), 401, nil),
                (try issuer.token(issuer: "https://other.example", permission: "read"), 401, nil),
                (try issuer.token(permission: "write"), 403, nil),
            ] as [(String, Int, String?)] {
                let reply = try await gate.verify(token)
                #expect(reply.head.status.code == status && reply["X-Token-Subject"] == subject, "\(token)")
            }
            #expect(try await authority.questions() == 1)
            let metrics = String(decoding: try await gate.client.send(.get, "/metrics").body, as: UTF8.self)
            for name in ["hub", "own", "signed"] {
                #expect(metrics.contains(#"token_gate_authority_up{authority="\#(name)"} 1"#))
            }
            // A profile's requirement counts before that of an authority.
            for token in [own, "gho_alice", try issuer.token(permission: "read")] {
                let reply = try await gate.client.send(
                    .get,
                    "/profiles/admin/verify",
                    authorization: "Bearer \(token)"
                )
                #expect(reply.head.status == .forbidden)
            }
        }
    }

    @Test func `revokes a signed token, and no other kind`() async throws {
        let issuer = FakeIssuer()
        try await serving(issuer) { gate, authority in
            let (revoked, other) = (
                try issuer.token(permission: "read"), try issuer.token(permission: "read")
            )
            func revoke(_ token: String) async throws -> Int {
                let authorization = "Bearer \(GateProcess.adminSecret)"
                let form: KeyValuePairs = ["token": token]
                return try await gate.client.send(.post, "/revoke", authorization: authorization, form: form)
                    .head.status.code
            }
            for token in [revoked, other] { #expect(try await gate.verify(token).head.status == .ok) }
            #expect(try await revoke(revoked) == 204)
            #expect(try await gate.verify(revoked).head.status == .unauthorized)
            #expect(try await gate.verify(other).head.status == .ok)
            #expect(try await revoke(try await authority.token(for: "alice", scope: "read")) == 400)
            #expect(try await revoke(try FakeIssuer().token(permission: "read")) == 400)
            #expect(
                try await gate.client.send(.post, "/revoke", form: ["token": other]).head.status
                    == .unauthorized
            )
        }
    }

    @Test func `check asks each of them`() async throws {
        try await serving(FakeIssuer()) { _, _ in
            let process = try ChildProcess(
                .sibling("token-gate"),
                ["check", "--config", scene.path("gate.json")],
                errors: try scene.errors()
            )
            let output = try await process.output()
            for words in [
                "authorities.hub: authority, github: answers, and refuses",
                "authorities.own: authority, introspection: answers, and refuses",
                "authorities.signed: authority, jwt: the issuer's keys were fetched",
            ] {
                #expect(output.contains(words), "\(output)")
            }
            #expect(try await process.status() == 0)
        }
    }

    @Test func `a signed token can need the endpoint's word, too`() async throws {
        let issuer = FakeIssuer()
        let authority = try await AuthorityProcess(errors: try scene.errors())
        try await issuer.run { keys in
            let gate = try await GateProcess(
                asking: authority.address,
                ["--jwt-issuer", FakeIssuer.name, "--jwt-audience", "api", "--jwt-keys", keys + "/keys"],
                errors: try scene.errors()
            )
            // The endpoint does not know it.
            #expect(try await gate.verify(issuer.token(permission: "read")).head.status == .unauthorized)
            #expect(try await authority.questions() == 1)
            #expect(
                try await gate.verify(FakeIssuer().token(permission: "read")).head.status == .unauthorized
            )
            #expect(try await authority.questions() == 1)
            #expect(try await gate.stop() == 0)
        }
        try await authority.stop()
    }
}
