import Foundation
import Listening
import Logging
import Testing
import TokenGate
import TokenVerification

/// The file of `--config`.
@Suite(.timeLimit(.minutes(10))) struct SettingsFileTests {
    private let scene: Scene

    init() throws {
        scene = try Scene()
    }

    private func write(_ text: String, to name: String, mode: Int = 0o600) throws -> String {
        let path = scene.path(name)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    private func configuration(
        _ json: String,
        _ options: [Setting: [String]] = [:],
        _ environment: [String: String] = [:]
    ) throws -> GateConfiguration {
        let options = options.merging([.config: [try write(json, to: "gate.json")]]) { $1 }
        return try GateConfiguration(Settings(options: options, environment: environment))
    }

    @Test func `the command line counts before the environment, and that before the file`() throws {
        let json = #"{"capacity": 1, "lifetime": 1, "near": 1, "authority": {"github": true}}"#
        let gate = try configuration(
            json,
            [.capacity: ["3"]],
            ["TOKEN_GATE_CAPACITY": "2", "TOKEN_GATE_LIFETIME": "2", "TOKEN_GATE_NEAR": ""]
        )
        #expect(gate.capacity == 3)
        #expect(gate.timeToLive == .seconds(2))
        #expect(gate.near == .seconds(1))
    }

    @Test func `every kind of value has its own type in JSON`() throws {
        let secret = try write("hush\n", to: "secret")
        let gate = try configuration(
            """
            {"listen": "unix:/run/gate.sock", "revocation-marks": true, "capacity": 7, "sharing": "fleet",
             "scopes": ["read", "write"], "claim-fields": {"X-Token-Email": "email"},
             "authority": {"introspection-endpoint": "https://i.example", "client-id": "me",
                           "client-secret-file": "\(secret)", "form-fields": {"a": "b=c"}},
             "profiles": {"orders": {"scopes": []}, "a.b-c_D": {"maximum-age": 60}}}
            """
        )
        #expect(gate.listen == ListenAddress("unix:/run/gate.sock"))
        #expect(gate.hasRevocationMarks && gate.capacity == 7 && gate.sharing == .fleet)
        #expect(gate.requirements.scopes == ["read", "write"])
        #expect(gate.authorities.first?.authority.identity.parameters["parameter a"] == "b=c")
        #expect(gate.profiles == ["a.b-c_D", "orders"])
        #expect(gate.warnings.isEmpty)
    }

    @Test(arguments: [
        (#"{"listen": 8080}"#, ": listen must be a text: HOST:PORT"),
        (
            #"{"listen": "8080"}"#,
            #": listen must be HOST:PORT, [ADDRESS]:PORT or unix:/PATH with at most 103 bytes, not "8080""#
        ),
        (#"{"capacity": "7"}"#, ": capacity must be a whole number from 0 to 4294967294, not a text"),
        (#"{"capacity": 7.0}"#, ": capacity must be a whole number"),
        (#"{"capacity": null}"#, ", not null"),
        (#"{"revocation-marks": "yes"}"#, ": revocation-marks must be true or false, not a text"),
        (#"{"scopes": "read"}"#, ": scopes must be an array of texts, not a text"),
        (#"{"scopes": ["a b"]}"#, #"not "a b""#),
        (#"{"scopes": ["a", 1]}"#, ": scopes must be an array of texts"),
        (#"{"claim-fields": ["a=b"]}"#, ": claim-fields must be an object whose members are texts"),
        (#"{"claim-fields": {"Connection": "a"}}"#, #"not "Connection=a""#),
        (#"{"store": "redis://u:s3cr3t@h"}"#, "TOKEN_GATE_REDIS_PASSWORD"),
        (#"{"stoer": "memory:"}"#, #""stoer" is no setting; known there: access-log,"#),
        (#"{"require-scope": ["a"]}"#, #""require-scope" is no setting"#),
        (#"{"client-secret": "s3cr3t"}"#, #""client-secret" is no setting"#),
        (#"{"authority": {"scopes": []}}"#, #""authority.scopes" is no setting"#),
        (#"{"profiles": {"a": {"client-id": "x"}}}"#, #""profiles.a.client-id" is no setting"#),
        (#"{"profiles": {"a/b": {}}}"#, #"not "a/b""#), (#"{"profiles": {"..": {}}}"#, #"not "..""#),
        (#"{"profiles": {"a": 1}}"#, ": profiles.a must be an object, not a number"),
        (#"{"profiles": []}"#, ": profiles must be an object, not an array"),
        (#"{"authorities": {"a": {"github": true}}}"#, "authorities.a: no token leads to this authority"),
        (#"{"authorities": {"a": {"default": true}}}"#, "authorities.a: no authority is given"),
        (
            #"{"authorities": {"a": {"default": true, "github": true}}, "authority": {"github": true}}"#,
            "beside authorities"
        ),
        (#"{"authority": {"github": true}, "audiences": ["a"]}"#, "neither the audience nor the issuer"),
        (#"{"authority": {"jwt-issuer": "https://i.example"}}"#, "needs --jwt-audience"),
        (#"{"authority": {"introspection-endpoint": "https://i.example"}}"#, "needs --client-id"),
        (
            #"{"authority": {"introspection-endpoint": "https://i.example", "client-id": "a", "client-auth": "certificate"}}"#,
            "needs --client-certificate"
        ),
        (
            #"{"store": "redis://h", "sealing": "token-only", "sentinel-user": "a"}"#,
            "TOKEN_GATE_SENTINEL_PASSWORD"
        ),
        (#"{"tls-key": "a"}"#, ": tls-key needs --tls-certificate"),
        (
            #"{"authority": {"jwt-issuer": "http://i.example", "jwt-audiences": ["*"]}}"#,
            "must be https, not http"
        ),
        ("{\n\"a\": 1,\n\"a\": 2}", ", line 3: one JSON object is needed"), ("[]", ", line 1: "),
        ("", ", line 1: "),
    ])
    func `what is wrong is one line, with the key and what is accepted`(json: String, words: String) throws {
        let failure = #expect(throws: CommandFailure.self) {
            let gate = try configuration(json)
            // Some mistakes come out when the parts are put together.
            _ = try Gate(gate, SettingsSource(arguments: [], environment: [:]), logger: .init(label: "test"))
        }
        #expect(failure?.status == 64)
        #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "")")
        #expect(failure?.message.contains("s3cr3t") == false)
    }

    @Test func `a file that can't be read is status 69`() throws {
        for options: [Setting: [String]] in [
            [.config: [scene.path("nowhere.json")]],
            [
                .config: [try write(#"{"admin-secret-file": "/nowhere"}"#, to: "a.json")], .gitHub: ["true"],
            ],
            [.gitHub: ["true"], .certificateAuthorities: ["/nowhere"]],
        ] {
            let failure = #expect(throws: CommandFailure.self) {
                try GateConfiguration(Settings(options: options, environment: [:]))
            }
            #expect(failure?.status == 69)
        }
    }

    @Test func `a secret's file that every user may read is a warning`() throws {
        let path = try write("0123456789abcdef", to: "open", mode: 0o644)
        let gate = try configuration(
            #"{"admin-secret-file": "\#(path)", "authority": {"github": true, "github-api": "http://a.example", "allow-http": true}}"#
        )
        #expect(gate.adminSecret != nil)
        #expect(gate.warnings.count == 2)
        #expect(gate.warnings.contains { $0.contains("admin-secret-file: the file \(path) is open") })
        #expect(gate.warnings.contains { $0.contains("github-api: without TLS") })
    }

    @Test func `fields for the app that could be taken for one another are refused`() throws {
        for (fields, words) in [
            (
                #""claim-fields": {"x_token.SUBJECT": "email"}"#,
                "x_token.SUBJECT and X-Token-Subject are one field"
            ),
            (#""subject-field": "X-Token-Scopes""#, "X-Token-Scopes and X-Token-Scopes are one field"),
        ] {
            let failure = #expect(throws: CommandFailure.self) {
                try configuration(#"{"authority": {"github": true}, \#(fields)}"#)
            }
            #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "")")
        }
        _ = try configuration(
            #"{"authority": {"github": true}, "subject-field": "Remote-User", "claim-fields": {"X-Token-Subject": "a"}}"#
        )
    }

    @Test func `the documentation has the table of settings as it is`() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../TokenGate.md").standardizedFileURL
        let text = try String(contentsOf: page, encoding: .utf8)
        #expect(text.contains(SettingsText.reference), "token-gate reference prints it")
    }
}
