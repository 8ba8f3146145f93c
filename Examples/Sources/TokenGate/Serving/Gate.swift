import HTTPTransports
package import Listening
package import Logging
import ServiceLifecycle
import TokenVerification

/// A server that says of each request's bearer token whether it is acceptable, and whose it is.
package struct Gate: Sendable {
    private let configuration: GateConfiguration
    private let source: SettingsSource
    private let monitor: GateMonitor
    private let state: CurrentState
    private let certificate: ServerCertificate?
    private let logger: Logger

    /// Opens the store and prepares everything.
    ///
    /// - Parameters:
    ///   - configuration: what the gate is told to do.
    ///   - source: where its settings are read again on SIGHUP.
    ///   - logger: where faults and changes are reported.
    /// - Throws: `CommandFailure` if the configuration can't work.
    package init(
        _ configuration: GateConfiguration,
        _ source: SettingsSource,
        logger: Logger
    ) throws(CommandFailure) {
        self.configuration = configuration
        self.source = source
        self.logger = logger
        certificate = try configuration.tls.map { files throws(CommandFailure) in
            try ServerCertificate(certificate: files.certificate, key: files.key)
        }
        monitor = try GateMonitor(configuration, logger)
        state = CurrentState(try GateState(configuration, monitor))
        for warning in configuration.warnings { logger.warning("\(warning)") }
    }

    /// Serves until SIGTERM or SIGINT.
    package func run() async throws {
        let reloading = ReloadService(
            state: state,
            source: source,
            monitor: monitor,
            certificate: certificate,
            logger: logger
        )
        var services: [any Service] = [monitor.cache, reloading]
        if let address = configuration.adminListen {
            let server = server("token-gate administration", address)
            services.append(try server.service(AdminResponder(state: state)))
        }
        let responder = VerifyResponder(state: state)
        do {
            try await server("token-gate", configuration.listen, certificate, services).run(responder)
        } catch {
            await close()
            throw error
        }
        await close()
    }

    private func server(
        _ name: String,
        _ address: ListenAddress,
        _ certificate: ServerCertificate? = nil,
        _ services: [any Service] = []
    ) -> ListeningServer {
        ListeningServer(
            name: name,
            address: address,
            socketMode: configuration.socketMode,
            certificate: certificate,
            services: services,
            logger: logger
        )
    }

    private func close() async {
        await monitor.cache.shutdown()
        await state.value.configuration.shutdown()
    }
}

extension GateConfiguration {
    /// Lets go of the connections to authorities.
    func shutdown() async {
        for authority in authorities {
            await authority.transport.shutdown()
        }
    }
}
