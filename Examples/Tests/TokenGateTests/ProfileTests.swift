import ExampleFleet
import Foundation
import HTTPTransports
import HTTPTypes
import Testing
import TokenVerificationTestSupport

/// A gate with a file of settings, and what a proxy can and can't choose by its path.
@Suite(.timeLimit(.minutes(10))) struct ProfileTests {
    private let scene: Scene

    init() throws {
        scene = try Scene()
    }

    /// Runs a gate with a file of settings that it can be told of anew.
    private func serving(
        _ json: String,
        _ arguments: String...,
        test: (GateProcess, AuthorityProcess) async throws -> Void
    ) async throws {
        let authority = try await AuthorityProcess(errors: try scene.errors())
        try scene.configure(json)
        let gate = try await GateProcess(
            asking: authority.address,
            ["--config", scene.path("gate.json")] + arguments,
            errors: try scene.errors()
        )
        try await test(gate, authority)
        #expect(try await gate.stop() == 0)
        try await authority.stop()
    }

    @Test func `each profile has its own requirements, and takes the rest from the root`() async throws {
        let json = """
            {"scopes": ["read"], "profiles": {
                "orders": {"scopes": ["write"]}, "open": {"scopes": []}, "old": {"maximum-age": 0},
                "ours": {"audiences": ["https://api.example"]}, "issued": {"issuer": "https://issuer.example"},
                "hub": {"scopes": [], "token-prefixes": ["gho_"]}}}
            """
        try await serving(json) { gate, authority in
            let token = try await authority.token(for: "alice", scope: "read")
            let old = "/profiles/old/verify"
            // A token of this very moment is not too old yet.
            try await eventually {
                try await gate.client.send(.get, old, authorization: "Bearer \(token)").head.status != .ok
            }
            for (path, status, words) in [
                ("/verify", 200, nil), ("/profiles/open/verify", 200, nil),
                ("/profiles/orders/verify", 403, #"scope="write""#),
                ("/profiles/orders/verify/any/path?scope=read", 403, "write"),
                ("/profiles/open/verify/../../orders/verify", 200, nil),
                (old, 401, "too long ago"), ("/profiles/ours/verify", 401, "another audience"),
                ("/profiles/issued/verify", 401, "another issuer"),
                ("/profiles/hub/verify", 401, "not active"),
            ] as [(String, Int, String?)] {
                let reply = try await gate.client.send(.get, path, authorization: "Bearer \(token)")
                #expect(reply.head.status.code == status, "\(path)")
                if let words { #expect(reply["WWW-Authenticate"]?.contains(words) == true, "\(path)") }
            }
            // The answer is the authority's, so all profiles share it.
            #expect(try await authority.questions() == 1)
        }
    }

    @Test func `a path that names no profile is 404, and none is decoded`() async throws {
        try await serving(#"{"profiles": {"open": {}, "k": {}}}"#) { gate, authority in
            let token = try await authority.token(for: "alice", scope: "read")
            for path in [
                "/profiles/closed/verify", "/profiles/verify", "/profiles//verify", "/profiles/open",
                "/profiles/open/",
                "/profiles/open/verifyx", "/profiles/%6Fpen/verify", "/profiles/OPEN/verify",
                "/profiles/open%2Fverify",
                "/profiles/open//verify", "//profiles/open/verify", "/profiles/closed/../open/verify",
                "/Verify",
                "/%76erify", "/verify%2F", "/verifyx", "/profiles/closed/verify?profile=open",
            ] {
                let reply = try await gate.client.send(.get, path, authorization: "Bearer \(token)")
                #expect(reply.head.status.code == 404, "\(path)")
            }
        }
    }

    @Test func `fields for the app can be renamed, left out and added`() async throws {
        let json = """
            {"subject-field": "Remote-User", "cache-field": "off",
             "claim-fields": {"X-Token-Expiry": "exp", "X-Token-Email": "email"}}
            """
        try await serving(json, "--scopes-field", "X-Scopes") { gate, authority in
            let reply = try await gate.verify(try await authority.token(for: "alice", scope: "b a"))
            #expect(
                reply["Remote-User"] == "alice" && reply["X-Scopes"] == "a b" && reply["X-Token-Email"] == ""
            )
            #expect(reply["X-Token-Client-ID"] == "gate")
            #expect(reply["X-Token-Expiry"].flatMap { Int($0) } != nil)
            for name in ["X-Token-Subject", "X-Token-Scopes", "X-Token-Cache"] { #expect(reply[name] == nil) }
        }
    }

    @Test func `a token is read from elsewhere by explicit choice, and from one place only`() async throws {
        let json = #"{"token-header": "X-Api-Token", "token-cookie": "session", "token-scheme": "token"}"#
        try await serving(json) { gate, authority in
            let token = try await authority.token(for: "alice", scope: "read")
            for (authorization, fields, status) in [
                ("Bearer \(token)", [:], 200), ("TOKEN \(token)", [:], 200), ("tokens \(token)", [:], 401),
                (nil, ["X-Api-Token": token], 200),
                (nil, ["Cookie": "a=b; session=\(token); session2=x"], 200),
                (nil, ["Cookie": "xsession=\(token)"], 401), (nil, ["X-Api-Token": ""], 400),
                ("Bearer \(token)", ["X-Api-Token": token], 400),
                (nil, ["Cookie": "session=a;session=\(token)"], 400),
                (nil, ["X-Api-Token": token, "Cookie": "session=\(token)"], 400),
            ] as [(String?, KeyValuePairs<String, String>, Int)] {
                let reply = try await gate.client.send(
                    .get,
                    "/verify",
                    authorization: authorization,
                    fields: fields
                )
                #expect(reply.head.status.code == status, "\(authorization ?? "") \(fields)")
            }
        }
        try await serving("{}") { gate, authority in
            let token = try await authority.token(for: "alice", scope: "read")
            for fields: KeyValuePairs in [["X-Api-Token": token], ["Cookie": "session=\(token)"]] {
                let reply = try await gate.client.send(.get, "/verify", fields: fields)
                #expect(reply.head.status == .unauthorized)
            }
            let reply = try await gate.client.send(.get, "/verify", authorization: "token \(token)")
            #expect(reply.head.status == .unauthorized)
        }
    }

    @Test func `longer tokens and further characters are accepted by explicit choice`() async throws {
        let long = String(repeating: "a", count: 9_000)
        for (json, status) in [("{}", 400), (#"{"token-length": 9000, "token-characters": "|!"}"#, 401)] {
            try await serving(json) { gate, _ in
                for token in ["1|a!", long] {
                    let reply = try await gate.verify(token)
                    #expect(reply.head.status.code == status)
                }
            }
        }
    }
}
