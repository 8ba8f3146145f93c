import Foundation
package import Hummingbird
import HummingbirdCore
import HummingbirdTLS
package import Logging
import NIOCore
package import ServiceLifecycle
import TokenVerificationHummingbird
import UnixSignals

/// A Hummingbird server as a process of its own: says where it listens, and ends in good order on SIGTERM.
package struct ListeningServer: Sendable {
    private let name: String
    private let address: ListenAddress
    private let socket: SocketFile?
    private let certificate: ServerCertificate?
    private let services: [any Service]
    private let logger: Logger

    /// Its clients are proxies and commands, which send a request at once.
    private static let requestTimeout: Duration = .seconds(10)

    /// - Parameters:
    ///   - name: the name it announces itself by.
    ///   - address: where it listens.
    ///   - socketMode: who may connect to a Unix socket.
    ///   - certificate: what TLS is spoken with; `nil` for plain HTTP.
    ///   - services: what has to outlive the server, ended after it.
    ///   - logger: where faults are reported.
    package init(
        name: String,
        address: ListenAddress,
        socketMode: Int = 0o660,
        certificate: ServerCertificate? = nil,
        services: [any Service] = [],
        logger: Logger
    ) {
        self.name = name
        self.address = address
        self.certificate = certificate
        self.services = services
        self.logger = logger
        socket =
            if case .unix(let path) = address { SocketFile(path: path, mode: mode_t(socketMode)) } else {
                nil
            }
    }

    /// Serves until SIGTERM or SIGINT.
    ///
    /// Standard output gets one line, `NAME: listening on http://HOST:PORT` (`https` with TLS), as soon as requests are accepted;
    /// `NAME: listening on unix:/PATH` for a Unix socket.
    ///
    /// - Throws: `CommandFailure` if the address can't be listened on.
    package func run<Responder: HTTPResponder>(_ responder: Responder) async throws
    where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
        try await serving {
            try await application(responder).runService(gracefulShutdownSignals: [.sigterm, .sigint])
        }
    }

    /// A further server of the same process, for the `services` of the first one.
    package func service<Responder: HTTPResponder>(_ responder: Responder) throws -> any Service
    where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
        ServerService(server: self, application: try application(responder))
    }

    /// Runs a server, with the address free before and after it.
    fileprivate func serving(_ run: () async throws -> Void) async throws {
        try socket?.prepare()
        defer { socket?.remove() }
        do {
            try await run()
        } catch let error as IOError {
            let reason = String(cString: strerror(error.errnoCode))
            throw CommandFailure.unavailable("can't listen on \(address): \(reason)")
        } catch is SocketAddressError.UnknownHost {
            throw CommandFailure.unavailable("can't listen on \(address): there is no such host")
        } catch let error as SocketAddressError {
            throw CommandFailure.unavailable("can't listen on \(address): \(error)")
        }
    }

    private func application<Responder: HTTPResponder>(
        _ responder: Responder
    ) throws -> Application<Responder>
    where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
        let place: BindAddress =
            switch address {
            case .tcp(let host, let port): .hostname(host, port: port)
            case .unix(let path): .unixDomainSocket(path: path)
            }
        let plain = HTTPServerBuilder.strictHTTP1(requestTimeout: Self.requestTimeout)
        let scheme = certificate == nil ? "http" : "https"
        return Application(
            responder: responder,
            server: try certificate.map { try .tls(plain, tlsConfiguration: $0.configuration) } ?? plain,
            configuration: ApplicationConfiguration(address: place),
            services: services,
            onServerRunning: { @concurrent [name, address, socket] channel in
                socket?.open()
                var words = "\(address)"
                if case .tcp(let host, let port) = address {
                    words =
                        "\(scheme)://\(ListenAddress(host: host, port: channel.localAddress?.port ?? port))"
                }
                Command.write("\(name): listening on \(words)", to: .standardOutput)
            },
            logger: logger
        )
    }
}

/// A further server of a process.
private struct ServerService<Responder: HTTPResponder>: Service
where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
    let server: ListeningServer
    let application: Application<Responder>

    @concurrent func run() async throws {
        try await server.serving { try await application.run() }
    }
}
