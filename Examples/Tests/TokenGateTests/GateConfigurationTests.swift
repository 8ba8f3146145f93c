import Foundation
import Listening
import Testing
import TokenGate
import TokenVerification

@Suite(.timeLimit(.minutes(10))) struct GateConfigurationTests {
    private static let secret = "a secret of the tests, long enough to seal"
    private static let introspection: [Setting: [String]] = [
        .introspectionEndpoint: ["https://issuer.example/introspect"], .clientID: ["gate"],
    ]

    private func configuration(
        _ options: [Setting: [String]],
        _ environment: [String: String] = [:]
    ) throws(CommandFailure) -> GateConfiguration {
        var environment = environment
        if environment["TOKEN_GATE_CLIENT_SECRET_FILE"] == nil {
            environment["TOKEN_GATE_CLIENT_SECRET", default: "x"] += ""
        }
        return try GateConfiguration(Settings(options: options, environment: environment))
    }

    @Test func `has the defaults that the manual names`() throws {
        let gate = try configuration([.gitHub: ["true"]])
        #expect(gate.listen == ListenAddress(host: "127.0.0.1", port: 8080))
        #expect(gate.store == .memory)
        #expect(gate.capacity == nil)
        #expect(gate.timeToLive == .seconds(300))
        #expect(gate.refusalTimeToLive == nil && gate.staleGrace == nil)
        #expect(gate.sharing == .process && !gate.hasRevocationMarks)
        #expect(gate.requirements == .none)
        #expect(gate.authorities.map(\.authority.identity.kind) == ["github"])
        #expect(gate.profiles.isEmpty && gate.warnings.isEmpty)
        #expect(gate.adminSecret == nil)
    }

    @Test func `reads every option from the environment as well`() throws {
        let gate = try configuration(
            [:],
            [
                "TOKEN_GATE_LISTEN": "[::1]:1", "TOKEN_GATE_STORE": "sqlite:a b.db",
                "TOKEN_GATE_CAPACITY": "7",
                "TOKEN_GATE_LIFETIME": "0", "TOKEN_GATE_REFUSAL_LIFETIME": "9", "TOKEN_GATE_CLIENT_ID": "me",
                "TOKEN_GATE_INTROSPECTION_ENDPOINT": "https://i.example", "TOKEN_GATE_CLIENT_AUTH": "post",
                "TOKEN_GATE_CLIENT_SECRET": "s", "TOKEN_GATE_REQUIRE_SCOPE": "b  a",
                "TOKEN_GATE_SEALING": "token-only",
                "TOKEN_GATE_REQUIRE_AUDIENCE": "https://a.example", "TOKEN_GATE_GITHUB": "",
                "TOKEN_GATE_STALE_GRACE": "60", "TOKEN_GATE_SHARING": "fleet",
                "TOKEN_GATE_REVOCATION_MARKS": "yes",
            ]
        )
        #expect(gate.listen == ListenAddress(host: "::1", port: 1))
        #expect(gate.store == .sqlite(path: "a b.db"))
        #expect(gate.capacity == 7)
        #expect(gate.timeToLive == .zero)
        #expect(gate.refusalTimeToLive == .seconds(9) && gate.staleGrace == .seconds(60))
        #expect(gate.sharing == .fleet && gate.hasRevocationMarks)
        #expect(gate.requirements.scopes == ["a", "b"])
        #expect(gate.requirements.audiences == ["https://a.example"])
        let wanted = try IntrospectionEndpoint(
            url: "https://i.example",
            clientID: "me",
            clientSecret: ClientSecret("s"),
            authentication: .post
        )
        #expect(gate.authorities.map(\.authority.identity) == [wanted.identity])
    }

    @Test func `lets the command line take precedence`() throws {
        let environment = ["TOKEN_GATE_STORE": "sqlite:x", "TOKEN_GATE_REQUIRE_SCOPE": "a b"]
        let gate = try configuration(
            [.gitHub: ["true"], .storeAddress: ["memory:"], .requireScope: ["c"]],
            environment
        )
        #expect(gate.store == .memory)
        #expect(gate.requirements.scopes == ["c"])
    }

    @Test(
        arguments: [
            ([.listen: ["8080"]], "--listen"), ([.storeAddress: ["redis:"]], "--store"),
            ([.storeAddress: ["redis://127.0.0.1"]], "TOKEN_GATE_SEALING_SECRET"),
            ([.near: ["-1"]], "--near"),
            ([.storeAddress: ["redis://u:p@h"], .sealing: ["token-only"]], "TOKEN_GATE_REDIS_PASSWORD"),
            ([.storeAddress: ["sqlite:"]], "--store"),
            ([.storeAddress: ["tokens.db"]], "--store"), ([.capacity: ["-1"]], "--capacity"),
            ([.capacity: ["1e3"]], "--capacity"), ([.capacity: ["99999999999999999999"]], "--capacity"),
            ([.lifetime: ["-1"]], "--lifetime"), ([.lifetime: ["5m"]], "--lifetime"),
            ([.lifetime: ["9223372036854775807"]], "--lifetime"),
            ([.refusalLifetime: ["x"]], "--refusal-lifetime"), ([.staleGrace: ["-1"]], "--stale-grace"),
            ([.sharing: ["all"]], "--sharing"), ([.revocationMarks: ["?"]], "--revocation-marks"),
            ([.sealing: ["none"]], "--sealing"), ([.sealing: ["secret"]], "TOKEN_GATE_SEALING_SECRET"),
            ([.clientAuthentication: ["digest"]], "--client-auth"), ([.gitHub: ["true"]], "--github"),
            ([.gitHubAPI: ["https://x"]], "--github-api"), ([.gitHubClientID: ["x"]], "--github-client-id"),
        ] as [([Setting: [String]], String)]
    )
    func `complains about what can't work`(options: [Setting: [String]], origin: String) throws {
        let all = Self.introspection.merging(options) { $1 }
        let failure = #expect(throws: CommandFailure.self) { try configuration(all) }
        #expect(failure?.status == 64)
        #expect(failure?.message.contains(origin) == true)
    }

    @Test func `needs an authority, and credentials for it`() {
        for (options, word) in [
            ([:], "no authority is given"), ([.introspectionEndpoint: ["https://x"]], "--client-id"),
            ([.gitHub: ["true"], .clientID: ["x"]], "--client-id"),
            ([.gitHub: ["true"], .gitHubClientID: ["x"]], "TOKEN_GATE_GITHUB_CLIENT_SECRET"),
            ([.gitHub: ["perhaps"]], "--github"),
        ] as [([Setting: [String]], String)] {
            let failure = #expect(throws: CommandFailure.self) { try configuration(options) }
            #expect(failure?.message.contains(word) == true)
        }
    }

    @Test func `puts the password of Redis into its address`() throws {
        let secrets = ["TOKEN_GATE_REDIS_PASSWORD": "p@:/", "TOKEN_GATE_SEALING_SECRET": Self.secret]
        for (given, wanted) in [
            ("redis://h:1/2", "redis://:p%40%3A%2F@h:1/2"), ("rediss://u@h", "rediss://u:p%40%3A%2F@h"),
            ("redis+unix:///s?db=1", "redis+unix://:p%40%3A%2F@/s?db=1"),
        ] {
            let gate = try configuration([.gitHub: ["true"], .storeAddress: [given], .near: ["3"]], secrets)
            #expect(gate.store == .redis(GateConfiguration.RedisPlace(address: wanted)))
            #expect(gate.near == .seconds(3))
        }
        let both = secrets.merging(["TOKEN_GATE_STORE": "redis://u:s3cr3t@h"]) { $1 }
        let failure = #expect(throws: CommandFailure.self) { try configuration([.gitHub: ["true"]], both) }
        #expect(failure?.message.contains("s3cr3t") == false)
    }

    @Test func `wants secrets that work, and never repeats them`() {
        for environment in [
            ["TOKEN_GATE_SEALING_SECRET": "too-short"], ["TOKEN_GATE_ADMIN_SECRET": "two words"],
            ["TOKEN_GATE_CLIENT_SECRET": "two", "TOKEN_GATE_CLIENT_SECRET_FILE": "/x"],
            ["TOKEN_GATE_CLIENT_SECRET_FILE": "/nowhere/at/all"],
        ] {
            let failure = #expect(throws: CommandFailure.self) {
                try configuration(Self.introspection, environment)
            }
            for secret in ["too-short", "two"] { #expect(failure?.message.contains(secret) == false) }
        }
    }

    @Test func `wants an admin secret of 16 bytes`() throws {
        let long = "0123456789abcdef"
        #expect(try configuration(Self.introspection, ["TOKEN_GATE_ADMIN_SECRET": long]).adminSecret != nil)
        let failure = #expect(throws: CommandFailure.self) {
            try configuration(Self.introspection, ["TOKEN_GATE_ADMIN_SECRET": String(long.dropLast())])
        }
        #expect(failure?.status == 64)
        #expect(failure?.message.contains("TOKEN_GATE_ADMIN_SECRET has 15 bytes; at least 16") == true)
        #expect(failure?.message.contains("0123") == false)
    }

    @Test func `reads secrets from files, without the line break at their end`() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(
            "secret-\(UUID().uuidString)"
        )
        defer { try? FileManager.default.removeItem(at: file) }
        for (content, wanted) in [
            ("s", "s"), ("s\n", "s"), ("s\r\n", "s"), ("s\n\n", "s"), (" s\r\n\n", " s"),
        ] {
            try Data(content.utf8).write(to: file)
            let environment = ["TOKEN_GATE_CLIENT_SECRET_FILE": file.path]
            let secret = try GivenSecret(.clientSecret, environment: environment)
            #expect(try secret?.text() == wanted)
        }
        for content in ["", String(repeating: "x", count: 65_537)] {
            try Data(content.utf8).write(to: file)
            let failure = #expect(throws: CommandFailure.self) {
                try configuration(Self.introspection, ["TOKEN_GATE_CLIENT_SECRET_FILE": file.path])
            }
            #expect(failure?.status == 69)
        }
        for content in ["\u{FEFF}hush", "hu\nsh", "hu\tsh", "hush\0"] {
            try Data(content.utf8).write(to: file)
            let failure = #expect(throws: CommandFailure.self) {
                try configuration(Self.introspection, ["TOKEN_GATE_CLIENT_SECRET_FILE": file.path])
            }
            #expect(failure?.message.contains("hu") == false)
        }
        // Random bytes may end as a text does.
        try Data([UInt8](repeating: 0x80, count: 31) + [0x0A]).write(to: file)
        _ = try configuration([.gitHub: ["true"]], ["TOKEN_GATE_SEALING_SECRET_FILE": file.path])
    }
}
