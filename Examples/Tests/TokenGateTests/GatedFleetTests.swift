import ExampleFleet
import Foundation
import HTTPTransports
import HTTPTypes
import Hummingbird
import Testing
import TokenVerificationTestSupport

/// Two machines of `Examples/GatedFleet`: on each of them nginx, a gate with that file, and an app that knows nothing of tokens.
@Suite(
    .timeLimit(.minutes(10)),
    .enabled(if: NginxProcess.program != nil, "nginx is not installed")
)
struct GatedFleetTests {
    private let scene: Scene

    init() throws {
        scene = try Scene()
    }

    /// Writes the example's file, of which only addresses and paths are changed.
    private func configure(_ authority: AuthorityProcess, _ redis: RedisServer) throws {
        let file = Repository.root.appending(path: "Examples/GatedFleet/gate.json")
        try Data("a secret that both of the machines are given".utf8)
            .write(to: URL(filePath: scene.path("sealing-secret")))
        try Data(AuthorityProcess.clientSecret.utf8).write(to: URL(filePath: scene.path("client-secret")))
        try scene.configure(
            String(contentsOf: file, encoding: .utf8)
                .replacing("rediss://cache.internal:6379", with: redis.address)
                .replacing("https://issuer.example", with: authority.address)
                .replacing("\"client-id\": \"orders\"", with: "\"client-id\": \"gate\"")
                .replacing("/etc/token-gate", with: scene.directory.path)
        )
    }

    private func orders(_ nginx: NginxProcess, _ token: String?) async throws -> String {
        let reply = try await nginx.client.send(
            .get,
            "/orders",
            authorization: token.map { "Bearer \($0)" },
            fields: ["X-Token-Subject": "mallory"]
        )
        let text = String(decoding: reply.body, as: UTF8.self)
        return reply.head.status == .ok ? text : String(reply.head.status.code)
    }

    @Test func `share what they were told, and what one forgets, both refuse`() async throws {
        let redis = try await RedisServer()
        let authority = try await AuthorityProcess(errors: scene.errors())
        try configure(authority, redis)
        let app = Router()
        app.get("orders") { request, _ in
            let subject = request.headers.first { $0.name.canonicalName == "x-token-subject" }?.value
            return "the orders of \(subject ?? "an unnamed caller")"
        }
        try await FakeServer.run(app) { address in
            let app = String(address.trimmingPrefix("http://"))
            var gates: [GateProcess] = []
            var machines: [NginxProcess] = []
            for _ in 1...2 {
                let gate = try await GateProcess(configured: scene.path("gate.json"), errors: scene.errors())
                gates.append(gate)
                machines.append(
                    try await NginxProcess(
                        gate: String(gate.client.address.trimmingPrefix("http://")),
                        app: app,
                        in: scene
                    )
                )
            }
            let good = try await authority.token(for: "alice", scope: "read")
            let narrow = try await authority.token(for: "alice", scope: "write")
            for machine in machines {
                #expect(try await orders(machine, good) == "the orders of alice")
                #expect(try await orders(machine, narrow) == "403")
                #expect(try await orders(machine, nil) == "401")
            }
            #expect(try await authority.questions() == 2)
            try await authority.revoke(good)
            #expect(try await gates[0].forget(good).head.status == .noContent)
            for machine in machines {
                while try await orders(machine, good) != "401" {
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
            for machine in machines { try await machine.stop() }
            for gate in gates { #expect(try await gate.stop() == 0) }
        }
        try await authority.stop()
        redis.kill()
    }
}
