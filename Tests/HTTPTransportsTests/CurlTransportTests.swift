import HTTPTransports
import HTTPTypes
import LoopbackHTTP
import Testing

@Suite(.timeLimit(.minutes(10))) struct CurlTransportTests {
    @Test func `carries a request there and the response back`() async throws {
        try await withServer { request in
            let sent = "\(request.method) \(request.target) \(request.field("content-type") ?? "-")"
            return .reply(
                201,
                fields: [("X-Sent", sent), ("Set-Cookie", "a"), ("set-cookie", "b")],
                body: request.body
            )
        } body: { server, transport in
            let endpoint = try HTTPEndpoint("\(server.url)/./introspect?a=%2F../b")
            let request = endpoint.request(.post, headerFields: [.contentType: "text/plain"])
            let reply = try await transport.response(
                to: request,
                body: Array("token=ä".utf8),
                limits: .init()
            )
            #expect(reply.head.status == .created)
            #expect(reply.head.headerFields[.sent] == "POST /./introspect?a=%2F../b text/plain")
            #expect(reply.head.headerFields[values: .setCookie] == ["a", "b"])
            #expect(reply.body == Array("token=ä".utf8))
        }
    }

    @Test(
        arguments: [HTTPRequest.Method.get, .head, .post, .put, .patch, .delete, .options],
        [[], [7, 0, 13, 10]]
    )
    func `sends every method as it is, with and without content`(
        method: HTTPRequest.Method,
        body: [UInt8]
    ) async throws {
        guard method != .head || body.isEmpty else { return }
        try await withServer { request in
            let described = "\(request.method) \(request.field("content-length") ?? "-") \(request.body)"
            return .reply(fields: [("X-Sent", described)])
        } body: { server, transport in
            let request = try HTTPEndpoint(server.url).request(method)
            let reply = try await transport.response(
                to: request,
                body: body,
                limits: .init(deadline: .seconds(50))
            )
            let hasLength = !body.isEmpty || [.post, .put, .patch].contains(method)
            #expect(
                reply.head.headerFields[.sent]
                    == "\(method.rawValue) \(hasLength ? String(body.count) : "-") \(body)"
            )
            #expect(reply.body.isEmpty)
        }
    }

    /// The Kelvin sign is the letter K to `String`'s `==`, and no byte of a URL.
    @Test func `takes no address for the one before that differs in a byte`() async throws {
        try await withServer { _ in
            .reply()
        } body: { server, transport in
            var request = try HTTPEndpoint("\(server.url)/K").request(.get)
            _ = try await transport.response(to: request)
            request.path = "/\u{212A}"
            #expect(await code { try await transport.response(to: request) } == .invalidRequest)
        }
    }

    @Test(arguments: [1, 1024, 1025, 1 << 20, (1 << 20) + 1])
    func `adds no field that would change the meaning`(contentSize: Int) async throws {
        try await withServer { request in
            .reply(text: request.fields.map(\.name).sorted().joined(separator: " "))
        } body: { server, transport in
            let request = try HTTPEndpoint(server.url).request(.post, headerFields: [.empty: ""])
            let reply = try await transport.response(
                to: request,
                body: [UInt8](repeating: 1, count: contentSize),
                limits: .init(deadline: .seconds(50))
            )
            #expect(
                String(decoding: reply.body, as: UTF8.self)
                    == "accept accept-encoding content-length host x-empty"
            )
        }
    }

    @Test(arguments: [
        HTTPField.Name.contentLength, .transferEncoding, .connection, .expect, .te, .upgrade, .acceptEncoding,
    ])
    func `refuses fields that are its own`(name: HTTPField.Name) async throws {
        try await withServer { _ in
            .reply()
        } body: { server, transport in
            let request = try HTTPEndpoint(server.url).request(.get, headerFields: [name: "1"])
            await #expect(throws: HTTPTransportError.self) { try await transport.response(to: request) }
            #expect(server.requestCount == 0)
        }
    }

    @Test(arguments: [
        "http://authority.example/", "http://127.0.0.1.evil.example/", "http://localhost@evil.example/",
    ])
    func `refuses plain http beyond loopback`(url: String) async throws {
        let authority = url.dropFirst("http://".count).dropLast()
        let request = HTTPRequest(method: .get, scheme: "http", authority: String(authority), path: "/")
        try await withTransport { transport in
            #expect(await code { try await transport.response(to: request) } == .invalidRequest)
        }
    }

    @Test func `speaks plain http beyond loopback where that is allowed, and shows it to no proxy`()
        async throws
    {
        let proxy = try LoopbackServer { _ in .reply(403) }
        let request = try HTTPEndpoint("http://authority.invalid/", allowingPlainHTTP: true).request(.get)
        let configuration = CurlTransport.Configuration(
            connectDeadline: .seconds(50),
            proxy: proxy.url
        )
        let limits = HTTPExchangeLimits(allowsPlainHTTP: true)
        try await withTransport(configuration) { transport in
            // There is no such host; without permission it would not even be looked for.
            let outcome = await code { try await transport.response(to: request, limits: limits) }
            #expect(outcome == .connectionFailed || outcome == .timedOut)
        }
        #expect(proxy.connectionCount == 0)
        await proxy.stop()
    }

    @Test(arguments: ["/a b", "/a#b", "/\u{1}a", "/ö", "a@b/"])
    func `refuses a path that is none`(path: String) async throws {
        let request = HTTPRequest(method: .get, scheme: "https", authority: "a.example", path: path)
        try await withTransport { transport in
            #expect(await code { try await transport.response(to: request) } == .invalidRequest)
        }
    }

    @Test func `does not follow a redirect`() async throws {
        try await withServer { request in
            request.target == "/" ? .reply(302, fields: [("Location", "/elsewhere")]) : .reply()
        } body: { server, transport in
            let reply = try await transport.response(to: HTTPEndpoint(server.url).request(.get))
            #expect(reply.head.status == .found)
            #expect(reply.head.headerFields[.location] == "/elsewhere")
            #expect(server.requestCount == 1)
        }
    }

    @Test func `counts only the final head, and no trailers`() async throws {
        let interim = LoopbackAnswer.head(103, fields: [("X-Sent", "early")])
        let head = LoopbackAnswer.head(
            200,
            fields: [("Transfer-Encoding", "chunked"), ("Trailer", "X-Sent")]
        )
        let body = LoopbackAnswer.chunk([1, 2]) + Array("0\r\nX-Sent: late\r\n\r\n".utf8)
        try await withServer { _ in
            LoopbackAnswer([.send(interim), .send(head + body)])
        } body: { server, transport in
            let reply = try await transport.response(to: HTTPEndpoint(server.url).request(.get))
            #expect(reply.head.status == .ok)
            #expect(reply.head.headerFields[.sent] == nil)
            #expect(reply.body == [1, 2])
        }
    }

    @Test(arguments: [204, 304, 200, 500, 999])
    func `returns every status`(status: Int) async throws {
        try await withServer { _ in
            .reply(status)
        } body: { server, transport in
            let request = try HTTPEndpoint(server.url).request(.get)
            #expect(try await transport.response(to: request).head.status.code == status)
            #expect(try await transport.response(to: request).head.status.code == status)
            #expect(server.connectionCount == 1)
        }
    }

    @Test(arguments: [
        "X-Sent: \u{FF}\u{1}\r\n", "No colon\r\n", ": no name\r\n", "B\u{E9}d: x\r\n", "X-Sent:\r\n",
    ])
    func `survives broken header lines`(line: String) async throws {
        let bytes = line.unicodeScalars.map { UInt8(clamping: $0.value) }
        let start = Array("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n".utf8)
        try await withServer { _ in
            LoopbackAnswer([.send(start + bytes + Array("\r\nx".utf8))])
        } body: {
            server,
            transport in
            let reply = try? await transport.response(to: HTTPEndpoint(server.url).request(.get))
            #expect(reply == nil || reply?.body == [UInt8(ascii: "x")])
        }
    }
}

extension HTTPField.Name {
    fileprivate static var sent: Self { named("X-Sent") }
    fileprivate static var empty: Self { named("X-Empty") }

    private static func named(_ text: String) -> Self { Self(text) ?? .accept }
}
