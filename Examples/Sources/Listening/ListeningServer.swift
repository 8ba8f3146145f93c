import Foundation
package import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
package import ServiceLifecycle
import TokenVerificationHummingbird
import UnixSignals

/// A Hummingbird server as a process of its own: says where it listens, and ends in good order on SIGTERM.
package struct ListeningServer: Sendable {
    private let name: String
    private let address: ListenAddress
    private let services: [any Service]
    private let logger: Logger

    /// Its clients are proxies and commands, which send a request at once.
    private static let requestTimeout: Duration = .seconds(10)

    /// - Parameters:
    ///   - name: the name it announces itself by.
    ///   - address: where it listens.
    ///   - services: what has to outlive the server, ended after it.
    ///   - logger: where faults are reported.
    package init(name: String, address: ListenAddress, services: [any Service] = [], logger: Logger) {
        self.name = name
        self.address = address
        self.services = services
        self.logger = logger
    }

    /// Serves until SIGTERM or SIGINT.
    ///
    /// Standard output gets one line, `NAME: listening on http://HOST:PORT`, as soon as requests are accepted.
    ///
    /// - Throws: `CommandFailure` if the address can't be listened on.
    package func run<Responder: HTTPResponder>(_ responder: Responder) async throws
    where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
        let application = Application(
            responder: responder,
            server: .strictHTTP1(requestTimeout: Self.requestTimeout),
            configuration: ApplicationConfiguration(address: .hostname(address.host, port: address.port)),
            services: services,
            onServerRunning: { @concurrent [name, address] channel in
                let actual = ListenAddress(
                    host: address.host,
                    port: channel.localAddress?.port ?? address.port
                )
                Command.write("\(name): listening on http://\(actual)", to: .standardOutput)
            },
            logger: logger
        )
        do {
            try await application.runService(gracefulShutdownSignals: [.sigterm, .sigint])
        } catch let error as IOError {
            let reason = String(cString: strerror(error.errnoCode))
            throw CommandFailure.unavailable("can't listen on \(address): \(reason)")
        } catch is SocketAddressError.UnknownHost {
            throw CommandFailure.unavailable("can't listen on \(address): there is no such host")
        } catch let error as SocketAddressError {
            throw CommandFailure.unavailable("can't listen on \(address): \(error)")
        }
    }
}
