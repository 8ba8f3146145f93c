import ExampleFleet
import Foundation
import TokenVerificationTestSupport

/// Three gates that share a Redis and ask one authorization server, each by a wire that can be cut.
final class Fleet: Sendable {
    /// What every gate is told about times, and what its answers are judged by.
    let oracle: Oracle
    let backends: Backends
    let gates: [GateSlot]
    let issuer: SigningIssuer
    /// Every gate's way to the authority: its address is part of every key, so all need the same one.
    private let authorityLink: Link
    private let keyServer: DocumentServer
    /// Every gate's way to the issuer's keys.
    private let keyLink: Link

    init(_ oracle: Oracle, in directory: URL, errors: FileHandle) async throws {
        let backends = try await Backends(in: directory, errors: errors)
        guard let port = URL(string: backends.authority.address)?.port else {
            throw TestFailure("the authorization server has no port")
        }
        let authorityLink = try await Link(to: port)
        let issuer = SigningIssuer()
        let keyServer = try await DocumentServer { issuer.keySet }
        let keyLink = try await Link(to: keyServer.port)
        let configuration = try Self.configuration(authorityLink, keyLink, in: directory)
        var gates: [GateSlot] = []
        for number in 0..<3 {
            let link = try await Link(to: backends.redis.port)
            gates.append(
                try await GateSlot(name: "gate \(number)", link: link) {
                    try await Self.gate(configuration, link, oracle, errors)
                }
            )
        }
        self.oracle = oracle
        self.backends = backends
        self.authorityLink = authorityLink
        self.issuer = issuer
        self.keyServer = keyServer
        self.keyLink = keyLink
        self.gates = gates
    }

    /// Writes the file that tells each gate which authority to ask about which tokens.
    private static func configuration(_ authority: Link, _ keys: Link, in directory: URL) throws -> String {
        let secret = directory.appendingPathComponent("client-secret")
        try Data(AuthorityProcess.clientSecret.utf8).write(to: secret)
        let file = directory.appendingPathComponent("gate.json")
        let text = """
            {"authorities": {
               "signed": {"jwt-issuer": "\(SigningIssuer.name)", "jwt-audiences": ["api"],
                          "jwt-keys": "http://127.0.0.1:\(keys.port)/keys"},
               "own": {"introspection-endpoint": "http://127.0.0.1:\(authority.port)/introspect", "client-id": "gate",
                       "client-secret-file": "\(secret.path)", "default": true}}}
            """
        try Data(text.utf8).write(to: file)
        return file.path
    }

    private static func gate(
        _ configuration: String,
        _ store: Link,
        _ oracle: Oracle,
        _ errors: FileHandle
    ) async throws -> GateProcess {
        func seconds(_ duration: Duration) -> String { String(duration.components.seconds) }
        return try await GateProcess(
            configured: configuration,
            [
                "--store", "redis://127.0.0.1:\(store.port)", "--capacity", "24",
                "--lifetime", seconds(oracle.timeToLive), "--stale-grace", seconds(oracle.staleGrace),
                "--near", seconds(oracle.near), "--refusal-lifetime", "1",
                "--refresh-after", seconds(oracle.timeToLive / 3),
                "--sharing", "fleet", "--revocation-marks",
            ],
            environment: ["TOKEN_GATE_SEALING_SECRET": "a secret that every process of a fleet is given"],
            errors: errors
        )
    }

    /// Brings a fault about, and returns when it is over.
    func suffer(_ fault: Fault) async throws {
        switch fault {
        case .redis(.killed(let duration)): try await backends.restartRedis(after: duration)
        case .redis(.stopped(let duration)):
            try await pausing(backends.redis.pause, for: duration)
        case .authority(.killed(let duration)): try await backends.restartAuthority(after: duration)
        case .authority(.stopped(let duration)):
            try await pausing(backends.authority.pause, for: duration)
        case .redisFlushed: try await backends.flushRedis()
        case .redisClientsKilled(let pubSub):
            try await backends.tellRedis("CLIENT", "KILL", "TYPE", pubSub ? "pubsub" : "normal")
        case .redisClientsPaused(let duration):
            try await backends.tellRedis("CLIENT", "PAUSE", String(Int(duration / .milliseconds(1))), "ALL")
            try await Task.sleep(for: duration)
        case .gateKilled(let gate, let duration): try await gates[gate].restart(after: duration)
        case .gateStopped(let gate, let duration): try await gates[gate].pause(for: duration)
        case .storeCut(let gate, let duration): try await gates[gate].link.cut(for: duration)
        case .storeConnectionsBroken(let gate): gates[gate].link.breakConnections()
        case .authorityCut(let duration): try await authorityLink.cut(for: duration)
        case .keysCut(let duration): try await keyLink.cut(for: duration)
        }
    }

    /// Ends everything.
    ///
    /// - Returns: how many gates did not end with status 0.
    func stop() async throws -> Int {
        var failures = 0
        for gate in gates where try await gate.stop() != 0 { failures += 1 }
        try await backends.stop()
        for gate in gates { try await gate.link.close() }
        try await authorityLink.close()
        try await keyLink.close()
        try await keyServer.close()
        return failures
    }

    private func pausing(_ pause: (Bool) -> Void, for duration: Duration) async throws {
        pause(true)
        defer { pause(false) }
        try await Task.sleep(for: duration)
    }
}
