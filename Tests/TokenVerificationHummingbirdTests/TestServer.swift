import HTTPTransports
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import ServiceLifecycle
import TokenVerificationHummingbird

/// A Hummingbird server on a free port of the loopback interface, for the time of one test.
struct TestServer {
    let port: Int
    private let client: CurlTransport
    private let group: ServiceGroup

    /// Serves a router while a test runs.
    static func run<Context: VerifiedRequestContext>(
        _ router: Router<Context>,
        on server: HTTPServerBuilder = .strictHTTP1(),
        test: (TestServer) async throws -> Void
    ) async throws where Context.Source == ApplicationRequestContextSource {
        let (ports, announcement) = AsyncStream.makeStream(of: Int?.self)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let application = Application(
            router: router,
            server: server,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { @concurrent channel in
                announcement.yield(channel.localAddress?.port)
            },
            logger: logger
        )
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [application], logger: logger)
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = ports.makeAsyncIterator()
            guard case .some(.some(let port)) = await iterator.next() else { throw CancellationError() }
            let client = TestServer(port: port, client: try CurlTransport(), group: group)
            try await test(client)
            await client.client.shutdown()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// Begins to end the server in good order.
    func shutDown() async {
        await group.triggerGracefulShutdown()
    }

    /// What the server answers to a GET with these `Authorization` fields.
    func reply(to path: String, authorization: String...) async throws -> HTTPReply {
        try await reply(to: path, authorizations: authorization)
    }

    func reply(to path: String, authorizations: [String]) async throws -> HTTPReply {
        try await reply(to: path, fields: authorizations.map { HTTPField(name: .authorization, value: $0) })
    }

    func reply(to path: String, fields: [HTTPField]) async throws -> HTTPReply {
        var request = try HTTPEndpoint("http://127.0.0.1:\(port)").request(.get)
        request.path = path
        for field in fields { request.headerFields.append(field) }
        return try await client.response(to: request, body: [], limits: HTTPExchangeLimits())
    }
}
