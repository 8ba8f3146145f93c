import CacheStores
import HTTPTransports
import HTTPTypes
import Hummingbird
package import Listening
package import Logging
import ServiceLifecycle
import TokenVerification
import TokenVerificationHummingbird

/// A server that says of each request's bearer token whether it is acceptable, and whose it is.
package struct Gate: Sendable {
    private let configuration: GateConfiguration
    private let monitor: GateMonitor
    private let transport: CurlTransport
    private let verifier: any TokenVerifier
    private let certificate: ServerCertificate?
    private let logger: Logger

    /// Opens the store and prepares everything.
    ///
    /// - Throws: `CommandFailure` if the configuration can't work.
    package init(_ configuration: GateConfiguration, logger: Logger) throws(CommandFailure) {
        self.configuration = configuration
        self.logger = logger
        certificate = try configuration.tls.map { files throws(CommandFailure) in
            try ServerCertificate(certificate: files.certificate, key: files.key)
        }
        do {
            monitor = try Self.monitor(configuration, logger)
            transport = try CurlTransport()
            verifier = try Self.verifier(configuration, monitor.cache, transport, logger)
        } catch let error as StoreError where error.code != .invalidConfiguration {
            throw .unavailable("the store can't be used: \(error.message)")
        } catch let error as StoreError {
            throw .usage(error.message)
        } catch {
            throw .usage("\(error)")
        }
    }

    /// Serves until SIGTERM or SIGINT.
    package func run() async throws {
        let admin = AdminRoutes(monitor: monitor, secret: configuration.adminSecret)
        let router = Router(context: BasicVerifiedRequestContext.self)
        admin.addProbes(to: router)
        if let resource = configuration.resource { router.protectedResources(resource) }
        var services: [any Service] = [
            monitor.cache, HangupService(certificate: certificate, logger: logger),
        ]
        if let address = configuration.adminListen {
            let adminRouter = Router(context: BasicVerifiedRequestContext.self)
            admin.addProbes(to: adminRouter)
            admin.add(to: adminRouter)
            let server = server("token-gate administration", address)
            services.append(try server.service(adminRouter.buildResponder()))
        } else {
            admin.add(to: router)
        }
        let responder = VerifyResponder(
            middleware: BearerTokenMiddleware(
                verifier: verifier,
                realm: "token-gate",
                resourceMetadata: configuration.resource?.url,
                originalTargets: Self.originalTargets
            ),
            counts: monitor.counts,
            accessLog: accessLog,
            routes: router.buildResponder()
        )
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

    /// A log of its own, so that requests are logged whatever the level of the rest.
    private var accessLog: Logger? {
        guard configuration.logging.hasAccessLog else { return nil }
        var logger = Logger(label: "token-gate.access")
        logger.logLevel = .info
        return logger
    }

    private func close() async {
        await monitor.cache.shutdown()
        await transport.shutdown()
    }

    /// Where nginx, Traefik and HAProxy name the target of the request that they ask about.
    private static let originalTargets = ["X-Forwarded-Uri", "X-Original-URI", "X-Original-URL"]
        .compactMap { HTTPField.Name($0) }

    private static func verifier(
        _ configuration: GateConfiguration,
        _ cache: TokenCache,
        _ transport: CurlTransport,
        _ logger: Logger
    ) throws -> any TokenVerifier {
        let requirements = configuration.requirements
        switch configuration.authority {
        case .introspection(let url, let clientID, let secret, let authentication):
            let endpoint = try IntrospectionEndpoint(
                url: url,
                clientID: clientID,
                clientSecret: secret,
                authentication: authentication,
                transport: transport
            )
            return try IntrospectionTokenVerifier(endpoint, requiring: requirements, cache: cache)
        case .gitHub(let api):
            let gitHub = try GitHubAPI(url: api, transport: transport)
            return try GitHubTokenVerifier(gitHub, requiring: requirements, cache: cache)
        case .gitHubApplication(let api, let clientID, let secret):
            let application = try GitHubApplication(
                clientID: clientID,
                clientSecret: secret,
                url: api,
                transport: transport
            )
            return try GitHubTokenVerifier(application, requiring: requirements, cache: cache)
        }
    }
}
