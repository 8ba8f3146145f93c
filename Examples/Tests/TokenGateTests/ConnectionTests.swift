import ExampleFleet
import Foundation
import RawHTTP
import Testing

/// What one request does to the next one on its connection, at each server of the examples.
@Suite(.timeLimit(.minutes(10))) struct ConnectionTests {
    private let scene: Scene

    init() throws {
        scene = try Scene()
    }

    private static func request(_ line: String, _ fields: [String], body: String = "") -> String {
        ([line, "Host: a"] + fields).map { $0 + "\r\n" }.joined() + "\r\n" + body
    }

    /// Requests without credentials to a path, after each of which the connection has to end.
    private static func lastRequests(to path: String) -> [String] {
        [
            request("GET \(path) HTTP/1.1", ["Connection: upgrade", "Upgrade: foo"]),
            request("GET \(path) HTTP/1.1", ["Connection: keep-alive, Upgrade", "Upgrade: websocket"]),
            request(
                "GET \(path) HTTP/1.1",
                ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"]
            ),
            request("CONNECT a.example:443 HTTP/1.1", []),
            request("GET \(path) HTTP/1.1", ["Connection: Close"]),
            request("GET \(path) HTTP/1.0", []),
            request("POST \(path) HTTP/1.1", ["Connection: close", "Content-Length: 3"], body: "abc"),
            request("NOSUCH \(path) HTTP/1.1", []),
        ]
    }

    private func check(_ address: String, path: String, good: String) async throws {
        let port = try #require(address.split(separator: ":").last.flatMap { Int($0) })
        for text in Self.lastRequests(to: path) {
            let (answer, next) = try await LoopbackClient.run(port: port) { client in
                client.send(text)
                return (try client.answer(), try client.answer())
            }
            #expect(answer?.closes == true, "\(text)")
            #expect(next == nil)
        }
        // Without credentials, and with a body that is read only by a server that throws it away.
        for fields in [[], ["Connection: close"]] {
            let (answer, next) = try await LoopbackClient.run(port: port) { client in
                client.send(Self.request("POST \(path) HTTP/1.1", fields + ["Content-Length: 5000000"]))
                client.send([UInt8](repeating: 7, count: 5_000_000))
                let answer = try client.answer()
                if answer?.closes == false { client.send(good) }
                return (answer, try client.answer())
            }
            #expect(next?.status == (try #require(answer).closes ? nil : 200))
        }
        let statuses = try await LoopbackClient.run(port: port) { client in
            client.send(
                good + Self.request("POST \(path) HTTP/1.1", ["Content-Length: 3"], body: "abc") + good
            )
            return try (0..<3).map { _ in try client.answer()?.status }
        }
        #expect(statuses[0] == 200 && statuses[2] == 200)
    }

    @Test func `keeps the gate in step`() async throws {
        let authority = try await AuthorityProcess(errors: try scene.errors())
        let gate = try await GateProcess(asking: authority.address, errors: try scene.errors())
        let token = try await authority.token(for: "alice", scope: "read")
        let good = Self.request("GET /verify HTTP/1.1", ["Authorization: Bearer \(token)"])
        for path in ["/verify", "/verify/orders", "/forget", "/healthz", "/nowhere"] {
            try await check(gate.client.address, path: path, good: good)
        }
        #expect(try await gate.stop() == 0)
        try await authority.stop()
    }

    @Test func `keeps the authorization server in step`() async throws {
        let authority = try await AuthorityProcess(errors: try scene.errors())
        for path in ["/introspect", "/token", "/questions", "/nowhere"] {
            try await check(authority.address, path: path, good: Self.request("GET /questions HTTP/1.1", []))
        }
        try await authority.stop()
    }

    @Test func `closes on a client that does not finish its request`() async throws {
        let authority = try await AuthorityProcess(errors: try scene.errors())
        let port = try #require(authority.address.split(separator: ":").last.flatMap { Int($0) })
        let answer = try await LoopbackClient.run(port: port) { client in
            client.send("GET /questions HT")
            return try client.answer()
        }
        #expect(answer == nil)
        try await authority.stop()
    }
}
