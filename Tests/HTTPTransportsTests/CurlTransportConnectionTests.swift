import HTTPTransports
import HTTPTypes
import LoopbackHTTP
import Testing

/// How long a connection is used.
@Suite(.timeLimit(.minutes(10))) struct CurlTransportConnectionTests {
    /// Guards that a timed-out exchange closes its connection.
    ///
    /// It speaks plain HTTP/1.1, so it can't tell whether HTTP/2 is offered; `speaks HTTP 1_1` among the TLS tests does.
    @Test func `loses one exchange for each connection that died in silence`() async throws {
        let server = try LoopbackServer { _ in .reply() }
        let relay = try LoopbackRelay(to: server.port)
        let request = try HTTPEndpoint("http://127.0.0.1:\(relay.port)/").request(.get)
        try await withTransport { transport in
            let ask: @Sendable (Duration) async -> HTTPTransportError.Code? = { deadline in
                await code { try await transport.response(to: request, limits: .init(deadline: deadline)) }
            }
            #expect(await outcomes(of: 8) { await ask(.seconds(50)) }.allSatisfy { $0 == nil })
            let connections = relay.connectionCount
            relay.silence()
            // They overlap, so that the dead connections are in use the whole time.
            let lost = await outcomes(of: 8) { await ask(.milliseconds(500)) }
            #expect(lost.count { $0 == .timedOut } <= connections)
            #expect(lost.contains(.timedOut))
            #expect(await outcomes(of: 8) { await ask(.seconds(50)) }.allSatisfy { $0 == nil })
            #expect(relay.connectionCount > connections)
        }
        await relay.stop()
        await server.stop()
    }

    @Test(arguments: [(1, 300), (300, 1)]) func `makes a new connection in time`(
        idle: Int,
        age: Int
    ) async throws {
        let configuration = CurlTransport.Configuration(
            connectDeadline: .seconds(50),
            maximumIdleTime: .seconds(idle),
            maximumConnectionAge: .seconds(age)
        )
        try await withServer(configuration) { _ in
            .reply()
        } body: { server, transport in
            let request = try HTTPEndpoint(server.url).request(.get)
            _ = try await transport.response(to: request)
            let connections = server.connectionCount
            if age == 1 {
                // In use all the time, so only its age can end it.
                let end = ContinuousClock.now + .seconds(20)
                while server.connectionCount == connections, .now < end {
                    _ = try await transport.response(to: request)
                }
            } else {
                // libcurl counts whole seconds, and more than the limit is too many.
                try await Task.sleep(for: .milliseconds(2_100))
                _ = try await transport.response(to: request)
            }
            #expect(server.connectionCount == connections + 1)
        }
    }

    private func outcomes(
        of count: Int,
        _ ask: @escaping @Sendable () async -> HTTPTransportError.Code?
    ) async -> [HTTPTransportError.Code?] {
        await withTaskGroup(of: HTTPTransportError.Code?.self) { group in
            for _ in 0..<count { group.addTask { await ask() } }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }
}
