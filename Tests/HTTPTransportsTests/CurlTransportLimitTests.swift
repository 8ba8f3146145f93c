import HTTPTransports
import HTTPTypes
import LoopbackHTTP
import Testing
import TokenVerificationTestSupport

@Suite(.timeLimit(.minutes(10))) struct CurlTransportLimitTests {
    private static let patience = HTTPExchangeLimits(deadline: .milliseconds(150))

    @Test func `gives up when no connection comes about`() async throws {
        let busy = try BusyListener()
        defer { busy.close() }
        let request = try HTTPEndpoint(busy.url).request(.get)
        try await withTransport(.init(connectDeadline: .milliseconds(150))) { transport in
            let time = await ContinuousClock().measure {
                #expect(await code { try await transport.response(to: request) } == .timedOut)
            }
            #expect(time < .seconds(40))
        }
        try await withTransport { transport in
            #expect(
                await code { try await transport.response(to: request, limits: Self.patience) } == .timedOut
            )
        }
    }

    @Test(arguments: [
        LoopbackAnswer.stall,
        LoopbackAnswer([.send(Array("HTTP/1.1 200 OK\r\nContent-Le".utf8)), .stall]),
        LoopbackAnswer([
            .send(LoopbackAnswer.head(200, fields: [("Content-Length", "9")]) + [1, 2, 3]), .stall,
        ]),
        LoopbackAnswer([.send(LoopbackAnswer.head(100, fields: [])), .stall]),
    ])
    func `gives up when the deadline has passed`(answer: LoopbackAnswer) async throws {
        try await withServer { _ in
            answer
        } body: { server, transport in
            let request = try HTTPEndpoint(server.url).request(.get)
            let time = await ContinuousClock().measure {
                #expect(
                    await code { try await transport.response(to: request, limits: Self.patience) }
                        == .timedOut
                )
            }
            #expect(time >= .milliseconds(150))
        }
    }

    @Test func `counts the wait for a connection towards the deadline`() async throws {
        let gate = LoopbackGate()
        let configuration = CurlTransport.Configuration(connectDeadline: .seconds(50), maximumConnections: 1)
        try await withServer(configuration) { _ in
            LoopbackAnswer([.wait(gate)] + LoopbackAnswer.reply().steps)
        } body: { server, transport in
            let request = try HTTPEndpoint(server.url).request(.get)
            async let first = transport.response(to: request)
            #expect(
                await code { try await transport.response(to: request, limits: Self.patience) } == .timedOut
            )
            gate.open()
            #expect(try await first.head.status == .ok)
        }
    }

    @Test(arguments: [Duration.zero, .seconds(-1), .seconds(Int64.min)])
    func `has no time for a deadline in the past`(deadline: Duration) async throws {
        try await withServer { _ in
            .stall
        } body: { server, transport in
            let request = try HTTPEndpoint(server.url).request(.get)
            #expect(
                await code { try await transport.response(to: request, limits: .init(deadline: deadline)) }
                    == .timedOut
            )
        }
    }

    @Test func `takes a deadline beyond all clocks`() async throws {
        try await withServer { _ in
            .reply()
        } body: { server, transport in
            let limits = HTTPExchangeLimits(deadline: .seconds(Int64.max), maximumBodySize: Int.max)
            let request = try HTTPEndpoint(server.url).request(.get)
            #expect(try await transport.response(to: request, limits: limits).head.status == .ok)
        }
    }

    @Test func `accepts a body of exactly the size allowed`() async throws {
        try await withServer { _ in
            .reply(body: [UInt8](repeating: 7, count: 1_000))
        } body: { server, transport in
            let request = try HTTPEndpoint(server.url).request(.get)
            let reply = try await transport.response(
                to: request,
                limits: .init(deadline: .seconds(50), maximumBodySize: 1_000)
            )
            #expect(reply.body.count == 1_000)
            let tighter = HTTPExchangeLimits(deadline: .seconds(50), maximumBodySize: 999)
            #expect(
                await code { try await transport.response(to: request, limits: tighter) } == .bodyTooLarge
            )
            let none = HTTPExchangeLimits(deadline: .seconds(50), maximumBodySize: -1)
            #expect(await code { try await transport.response(to: request, limits: none) } == .bodyTooLarge)
        }
    }

    @Test(arguments: [
        [("Content-Length", "1000000000000")],
        [("Transfer-Encoding", "chunked")],
        [("Connection", "close")],
    ])
    func `stops a body that never ends`(fields: [(String, String)]) async throws {
        let piece = LoopbackAnswer.chunk([UInt8](repeating: 7, count: 1_000))
        try await withServer { _ in
            LoopbackAnswer([.send(LoopbackAnswer.head(200, fields: fields)), .sendForever(piece)])
        } body: { server, transport in
            let request = try HTTPEndpoint(server.url).request(.get)
            #expect(await code { try await transport.response(to: request) } == .bodyTooLarge)
        }
    }

    @Test func `stops a head that never ends`() async throws {
        let line = Array("X-More: \(String(repeating: "x", count: 1_000))\r\n".utf8)
        try await withServer { _ in
            LoopbackAnswer([.send(Array("HTTP/1.1 200 OK\r\n".utf8)), .sendForever(line)])
        } body: { server, transport in
            let request = try HTTPEndpoint(server.url).request(.get)
            #expect(await code { try await transport.response(to: request) } == .protocolViolation)
        }
    }

    @Test func `stops interim responses that never end`() async throws {
        let interim = LoopbackAnswer.head(103, fields: [])
        try await withServer { _ in
            LoopbackAnswer([.sendForever(interim)])
        } body: { server, transport in
            let request = try HTTPEndpoint(server.url).request(.get)
            #expect(await code { try await transport.response(to: request) } == .protocolViolation)
        }
    }

    @Test func `counts a compressed body by what it becomes`() async throws {
        let bomb = try await ChildProcess.run(
            .installed("gzip"),
            ["-9"],
            input: [UInt8](repeating: 0, count: 5_000_000)
        )
        #expect(bomb.count < 10_000)
        try await withServer { request in
            #expect(request.field("accept-encoding") == "gzip")
            return .reply(fields: [("Content-Encoding", "gzip")], body: bomb)
        } body: { server, transport in
            let request = try HTTPEndpoint(server.url).request(.get)
            #expect(await code { try await transport.response(to: request) } == .bodyTooLarge)
            let roomy = HTTPExchangeLimits(deadline: .seconds(50), maximumBodySize: 5_000_000)
            #expect(try await transport.response(to: request, limits: roomy).body.count == 5_000_000)
        }
    }

    @Test(arguments: [
        (LoopbackAnswer.drop, HTTPTransportError.Code.connectionFailed),
        (LoopbackAnswer([.send(Array("HTTP/1.1 200 OK\r\nConte".utf8)), .close]), .connectionFailed),
        (
            LoopbackAnswer([.send(LoopbackAnswer.head(200, fields: [("Content-Length", "9")]) + [1]), .close]
            ),
            .connectionFailed
        ),
        (
            LoopbackAnswer([
                .send(LoopbackAnswer.head(200, fields: [("Transfer-Encoding", "chunked")])), .close,
            ]),
            .connectionFailed
        ),
        (LoopbackAnswer([.send(Array("SSH-2.0-OpenSSH\r\n\r\n".utf8)), .close]), .protocolViolation),
        (LoopbackAnswer([.send([0, 0, 0, 0, 0, 0, 0, 0, 0, 10]), .close]), .protocolViolation),
        (
            LoopbackAnswer.reply(
                fields: [("Content-Encoding", "gzip")],
                body: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
            ),
            .protocolViolation
        ),
    ])
    func `tells a lost connection from an answer that is not HTTP`(
        answer: LoopbackAnswer,
        expected: HTTPTransportError.Code
    ) async throws {
        try await withServer { _ in
            answer
        } body: { server, transport in
            let request = try HTTPEndpoint(server.url).request(.get)
            #expect(await code { try await transport.response(to: request) } == expected)
        }
    }

    @Test func `gives up while a name is being resolved`() async throws {
        let request = try HTTPEndpoint("https://authority.invalid/").request(.get)
        try await withTransport { transport in
            for delay in 0..<30 {
                let limits = HTTPExchangeLimits(deadline: .microseconds(delay * 200))
                let outcome = await code { try await transport.response(to: request, limits: limits) }
                #expect(outcome == .timedOut || outcome == .connectionFailed)
            }
        }
    }

    @Test func `fails at once where no server listens`() async throws {
        let server = try LoopbackServer { _ in .reply() }
        await server.stop()
        try await withTransport { transport in
            let request = try HTTPEndpoint(server.url).request(.get)
            #expect(await code { try await transport.response(to: request) } == .connectionFailed)
        }
    }
}
