import ExampleFleet
import Foundation
import HTTPTransports
import HTTPTypes
import Testing
import TokenVerificationTestSupport

/// The small servers, each as a process of its own.
@Suite(.timeLimit(.minutes(10))) struct SmallServerTests {
    private let scene: Scene
    private let authority: AuthorityProcess

    init() async throws {
        scene = try Scene()
        authority = try await AuthorityProcess()
    }

    private func started(_ name: String, _ environment: [String: String]) throws -> ChildProcess {
        let common = [
            "INTROSPECTION_URL": authority.address + "/introspect", "CLIENT_ID": "gate",
            "CLIENT_SECRET": AuthorityProcess.clientSecret, "PORT": "0",
            "SEALING_SECRET": "a secret that all of the processes are given",
        ]
        return try ChildProcess(
            .sibling(name),
            environment: common.merging(environment) { $1 },
            errors: scene.errors()
        )
    }

    /// Asks the server that was started last for the orders with some tokens, then ends it.
    ///
    /// - Parameters:
    ///   - server: the server.
    ///   - start: how many servers were started in this test.
    ///   - tokens: the tokens; `nil` for no credentials.
    /// - Returns: the statuses.
    /// - Throws: whatever goes wrong.
    private func statuses(_ server: ChildProcess, start: Int, _ tokens: [String?]) async throws -> [Int] {
        let words = "listening on 127.0.0.1:"
        try await scene.waitForLine(words, times: start)
        let port = try #require(scene.complaints.components(separatedBy: words).last).prefix { $0.isNumber }
        let client = try Client("http://127.0.0.1:\(port)")
        var statuses: [Int] = []
        for token in tokens {
            let reply = try await client.send(.get, "/orders", authorization: token.map { "Bearer \($0)" })
            statuses.append(reply.head.status.code)
        }
        await client.close()
        #expect(try await server.terminate() == 0)
        return statuses
    }

    @Test func `on one node lets a good token in, and no other, also after a restart`() async throws {
        let good = try await authority.token(for: "alice", scope: "read")
        let narrow = try await authority.token(for: "alice", scope: "write")
        for start in 1...2 {
            let server = try started("one-node-server", ["CACHE_FILE": scene.path("tokens.db")])
            #expect(
                try await statuses(server, start: start, [good, narrow, "wrong", nil]) == [
                    200, 403, 401, 401,
                ]
            )
        }
        // After the restart only about the wrong one: a refusal is not remembered.
        #expect(try await authority.questions() == 4)
        try await authority.stop()
    }

    @Test func `in a fleet shares what it was told`() async throws {
        let redis = try await RedisServer()
        let good = try await authority.token(for: "alice", scope: "read")
        for start in 1...2 {
            let server = try started("fleet-server", ["REDIS_URL": redis.address])
            #expect(try await statuses(server, start: start, [good, good, nil]) == [200, 200, 401])
        }
        redis.kill()
        try await authority.stop()
    }

    @Test(arguments: ["one-node-server", "fleet-server"])
    func `ends with an error where a secret is missing`(name: String) async throws {
        let server = try started(name, ["SEALING_SECRET": "", "REDIS_URL": "redis://127.0.0.1:1"])
        #expect(try await server.status() != 0)
        #expect(scene.complaints.contains("sealing secret"))
        try await authority.stop()
    }

    @Test(arguments: ["README.md", "Sources/TokenVerification/TokenVerification.docc/GettingStarted.md"])
    func `on one node is the one of the documentation`(page: String) throws {
        let text = try String(contentsOf: Repository.root.appending(path: page), encoding: .utf8)
        let source = Repository.root.appending(path: "Examples/Sources/OneNodeServer/Main.swift")
        #expect(text.contains("```swift\n\(try String(contentsOf: source, encoding: .utf8))```"))
    }
}
