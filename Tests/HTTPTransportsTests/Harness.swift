import HTTPTransports
import HTTPTypes
import LoopbackHTTP
import Testing

/// Runs a test with a transport, and checks that the transport gives everything back.
func withTransport(
    _ configuration: CurlTransport.Configuration = .init(),
    body: (CurlTransport) async throws -> Void
) async throws {
    let transport = try CurlTransport(configuration)
    do {
        try await body(transport)
    } catch {
        await transport.shutdown()
        throw error
    }
    await transport.shutdown()
    #expect(transport.liveHandles == .init())
}

/// Runs a test with a server and a transport.
func withServer(
    _ configuration: CurlTransport.Configuration = .init(),
    handler: @escaping LoopbackServer.Handler,
    body: (LoopbackServer, CurlTransport) async throws -> Void
) async throws {
    let server = try LoopbackServer(handler)
    do {
        try await withTransport(configuration) { try await body(server, $0) }
    } catch {
        await server.stop()
        throw error
    }
    #expect(ClientSockets.count(to: server.port) == 0)
    await server.stop()
    #expect(server.openConnectionCount == 0)
}

/// The code of the error that the operation throws; nil if it throws none, or another one.
func code<Success>(_ operation: () async throws -> Success) async -> HTTPTransportError.Code? {
    do {
        _ = try await operation()
        return nil
    } catch {
        return (error as? HTTPTransportError)?.code
    }
}

extension CurlTransport {
    func response(to request: HTTPRequest, limits: HTTPExchangeLimits = .init()) async throws -> HTTPReply {
        try await response(to: request, body: [], limits: limits)
    }
}
