import HTTPTransports
import HTTPTypes
import LoopbackHTTP
import Testing

extension CurlTransport.Configuration {
    /// The usual configuration, with patience for a busy machine.
    static var patient: Self { Self(connectDeadline: .seconds(50)) }
}

/// Runs a test with a transport, and checks that the transport gives everything back.
func withTransport(
    _ configuration: CurlTransport.Configuration = .patient,
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
    _ configuration: CurlTransport.Configuration = .patient,
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
    /// Asks without content, and with a deadline that only a broken test reaches on a busy machine.
    func response(
        to request: HTTPRequest,
        limits: HTTPExchangeLimits = .init(deadline: .seconds(50))
    ) async throws -> HTTPReply {
        try await response(to: request, body: [], limits: limits)
    }
}
