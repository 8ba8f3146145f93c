import HTTPTypes
import Hummingbird
import HummingbirdCore
import LoopbackHTTP
import Testing
import TokenVerification
import TokenVerificationHummingbird

/// What one request does to the next one on its connection, since a proxy gives a connection to many users.
@Suite(.timeLimit(.minutes(10))) struct ConnectionTests {
    private static let field = "Authorization: Bearer alice"
    private static let good = request("GET /me HTTP/1.1", [field])

    private static func serving(
        on server: HTTPServerBuilder = .strictHTTP1(),
        _ test: (TestServer) async throws -> Void
    ) async throws {
        let router = Router(context: BasicVerifiedRequestContext.self)
        router.add(middleware: BearerTokenMiddleware(verifier: NamedVerifier()))
        router.get("me") { _, context in context.verification?.token.subject ?? "nobody" }
        router.post("read") { request, _ in "\(try await request.body.collect(upTo: 8 << 20).readableBytes)" }
        router.post("unread") { _, _ in "unread" }
        try await TestServer.run(router, on: server, test: test)
    }

    private static func request(
        _ line: String = "GET /me HTTP/1.1",
        _ fields: [String] = [],
        body: String = ""
    ) -> String {
        ([line, "Host: a"] + fields).map { $0 + "\r\n" }.joined() + "\r\n" + body
    }

    /// Requests, and whether the connection ends with each.
    private static let requests: [(text: String, closes: Bool)] =
        [[], [field]].flatMap { token -> [(String, Bool)] in
            [
                (request("GET /me HTTP/1.1", token), false),
                (request("GET /me HTTP/1.1", token + ["Connection: keep-alive"]), false),
                (request("GET /me HTTP/1.1", token + ["Connection: upgrade", "Upgrade: foo"]), true),
                (
                    request(
                        "GET /me HTTP/1.1",
                        token + ["Connection: keep-alive, Upgrade", "Upgrade: a, b"]
                    ), true
                ),
                (request("GET /me HTTP/1.1", token + ["Connection: Upgrade", "Upgrade: websocket"]), true),
                (
                    request(
                        "GET /me HTTP/1.1",
                        token + [
                            "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk",
                        ]
                    ), true
                ),
                (request("GET /me HTTP/1.1", token + ["Proxy-Connection: upgrade", "Upgrade: foo"]), true),
                (
                    request(
                        "POST /unread HTTP/1.1",
                        token + ["Connection: upgrade", "Upgrade: foo", "Content-Length: 3"],
                        body: "abc"
                    ), true
                ),
                (request("CONNECT a.example:443 HTTP/1.1", token), true),
                (request("GET /me HTTP/1.1", token + ["Connection: close"]), true),
                (request("GET /me HTTP/1.1", token + ["Connection: CLOSE"]), true),
                (request("GET /me HTTP/1.1", token + ["connection: x-a, Close"]), true),
                (request("GET /me HTTP/1.1", token + ["Connection: x-a", "Connection: close"]), true),
                (request("GET /me HTTP/1.1", token + ["Proxy-Connection: close"]), true),
                (request("GET /me HTTP/1.0", token), true),
                (request("GET /me HTTP/1.0", token + ["Connection: keep-alive"]), true),
                (request("POST /unread HTTP/1.1", token + ["Content-Length: 3"], body: "abc"), false),
                (
                    request(
                        "POST /unread HTTP/1.1",
                        token + ["Transfer-Encoding: chunked"],
                        body: "3\r\nabc\r\n0\r\n\r\n"
                    ), false
                ),
                (request("POST /read HTTP/1.1", token + ["Content-Length: 3"], body: "abc"), false),
                (
                    request(
                        "POST /read HTTP/1.1",
                        token + ["Content-Length: 3", "Connection: Close"],
                        body: "abc"
                    ), true
                ),
                (
                    request(
                        "POST /read HTTP/1.1",
                        token + ["Expect: 100-continue", "Content-Length: 1"],
                        body: "a"
                    ), false
                ),
                (request("POST /unread HTTP/1.1", token + ["Content-Length: 9223372036854775808"]), true),
                (request("NOSUCH /me HTTP/1.1", token), true),
                (request("GET /me HTTP/1.1", token + ["no colon"]), true),
                (request("GET /me HTTP/2.0", token), true),
                (
                    request(
                        "POST /read HTTP/1.1",
                        token + ["Content-Length: 1", "Content-Length: 2"],
                        body: "ab"
                    ), true
                ),
                (
                    request("POST /read HTTP/1.1", token + ["Transfer-Encoding: chunked"], body: "zz\r\n"),
                    true
                ),
                ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", true),
            ]
        }

    @Test(arguments: requests)
    func `serves the next request, or says that it closes and does`(text: String, closes: Bool) async throws {
        try await Self.serving { server in
            let (answer, next) = try await LoopbackClient.run(port: server.port) { client in
                client.send(text)
                let answer = try client.finalAnswer()
                if answer?.closes == false { client.send(Self.good) }
                return (answer, try client.answer())
            }
            #expect(answer?.closes == closes)
            #expect(next?.text == (closes ? nil : "alice"))
        }
    }

    /// What comes behind the last request is ignored.
    @Test(arguments: requests.filter(\.closes).map(\.text))
    func `answers nothing that was sent behind`(text: String) async throws {
        try await Self.serving { server in
            let (answer, next) = try await LoopbackClient.run(port: server.port) { client in
                client.send(text + String(repeating: Self.good, count: 50))
                return (try client.finalAnswer(), try client.answer())
            }
            #expect(answer?.closes == true)
            #expect(next == nil)
        }
    }

    @Test func `answers requests that were sent at once in their order`() async throws {
        try await Self.serving { server in
            let requests = [
                Self.request("POST /read HTTP/1.1", [Self.field, "Content-Length: 5"], body: "abcde"),
                Self.good,
                Self.request(),
                Self.request("POST /unread HTTP/1.1", [Self.field, "Content-Length: 2"], body: "ab"),
                Self.request("GET /me HTTP/1.1", [Self.field, "Connection: close"]), Self.good,
            ]
            let answers = try await LoopbackClient.run(port: server.port) { client in
                client.send(requests.joined())
                return try (0..<6).map { _ in try client.answer() }
            }
            #expect(answers.map { $0?.text } == ["5", "alice", "", "unread", "alice", nil])
            #expect(answers.map { $0?.closes } == [false, false, false, false, true, nil])
        }
    }

    @Test(arguments: [[], ["Connection: close"], [field], [field, "Connection: close"]])
    func `lets a client read the answer to 5 MB that nothing reads`(fields: [String]) async throws {
        try await Self.serving { server in
            let (answer, next) = try await LoopbackClient.run(port: server.port) { client in
                client.send(Self.request("POST /unread HTTP/1.1", fields + ["Content-Length: 5000000"]))
                client.send([UInt8](repeating: 7, count: 5_000_000))
                let answer = try client.answer()
                if answer?.closes == false { client.send(Self.good) }
                return (answer, try client.answer())
            }
            let answered = try #require(answer)
            #expect(answered.status == (fields.contains(Self.field) ? 200 : 401))
            #expect(next?.text == (answered.closes ? nil : "alice"))
        }
    }

    @Test func `asks for a body that a client holds back`() async throws {
        try await Self.serving { server in
            let fields = [Self.field, "Expect: 100-Continue", "Content-Length: 3"]
            let statuses = try await LoopbackClient.run(port: server.port) { client in
                client.send(Self.good + Self.request("POST /read HTTP/1.1", fields))
                var statuses = [try client.answer()?.status, try client.answer()?.status]
                client.send("abc")
                statuses.append(try client.answer()?.status)
                return statuses
            }
            #expect(statuses == [200, 100, 200])
        }
    }

    @Test(arguments: ["/me", "/read", "/nowhere"]) func `sends no body to HEAD`(path: String) async throws {
        try await Self.serving { server in
            let (answer, next) = try await LoopbackClient.run(port: server.port) { client in
                client.send(Self.request("HEAD \(path) HTTP/1.1", [Self.field]))
                let answer = try client.answer(isToHead: true)
                if answer?.closes == false { client.send(Self.good) }
                return (answer, try client.answer())
            }
            #expect(next?.text == (answer?.closes == true ? nil : "alice"))
        }
    }

    @Test func `finds a token in the query behind a fragment`() async throws {
        try await Self.serving { server in
            let answer = try await LoopbackClient.run(port: server.port) { client in
                client.send(Self.request("GET /me?a=1#&access_token=alice HTTP/1.1", [Self.field]))
                return try client.answer()
            }
            #expect(answer?.status == 400)
        }
    }

    @Test(arguments: [
        "G", "GET /me HTTP/1.1\r\nHost: a\r\nX: ",
        request("POST /read HTTP/1.1", [field, "Content-Length: 9"], body: "a"),
    ])
    func `closes on a client that does not finish its request`(text: String) async throws {
        let server = HTTPServerBuilder.strictHTTP1(configuration: .init(), requestTimeout: .milliseconds(300))
        try await Self.serving(on: server) { server in
            let answer = try await LoopbackClient.run(port: server.port) { client in
                client.send(Self.good)
                _ = try client.answer()
                client.send(text)
                return try client.answer()
            }
            #expect(answer == nil)
        }
    }

    @Test func `closes on a client that asks nothing`() async throws {
        let server = HTTPServerBuilder.strictHTTP1(configuration: .init(idleTimeout: .milliseconds(300)))
        try await Self.serving(on: server) { server in
            for text in ["", Self.good] {
                let next = try await LoopbackClient.run(port: server.port) { client in
                    client.send(text)
                    if !text.isEmpty { _ = try client.answer() }
                    return try client.answer()
                }
                #expect(next == nil)
            }
        }
    }
}

extension LoopbackClient {
    /// The answer after interim ones.
    fileprivate mutating func finalAnswer() throws -> Answer? {
        while let answer = try answer() {
            if answer.status >= 200 { return answer }
        }
        return nil
    }
}
