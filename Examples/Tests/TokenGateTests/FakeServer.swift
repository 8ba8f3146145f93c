import Hummingbird
import HummingbirdCore
import Logging
import ServiceLifecycle

/// A server of this process, on a free port of the loopback interface.
enum FakeServer {
    /// Serves while a test runs, and hands it the server's address.
    static func run(_ router: Router<BasicRequestContext>, test: (String) async throws -> Void) async throws {
        let (ports, announcement) = AsyncStream.makeStream(of: Int?.self)
        let logger = Logger(label: "fake") { _ in SwiftLogNoOpLogHandler() }
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { @concurrent channel in announcement.yield(channel.localAddress?.port) },
            logger: logger
        )
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [application], logger: logger)
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = ports.makeAsyncIterator()
            guard case .some(.some(let port)) = await iterator.next() else { throw CancellationError() }
            try await test("http://127.0.0.1:\(port)")
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}
