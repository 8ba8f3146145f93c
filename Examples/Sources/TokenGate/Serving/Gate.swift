import CacheStores
import CacheStoresRedis
import CacheStoresSQLite
import HTTPTransports
import HTTPTypes
import Hummingbird
package import Listening
package import Logging
import TokenVerification
import TokenVerificationHummingbird

/// A server that says of each request's bearer token whether it is acceptable, and whose it is.
package struct Gate: Sendable {
    private let configuration: GateConfiguration
    private let cache: TokenCache
    private let transport: CurlTransport
    private let verifier: any TokenVerifier
    private let logger: Logger

    /// Opens the store and prepares everything.
    ///
    /// - Throws: `CommandFailure` if the configuration can't work.
    package init(_ configuration: GateConfiguration, logger: Logger) throws(CommandFailure) {
        self.configuration = configuration
        self.logger = logger
        do {
            cache = try Self.cache(configuration, logger)
            transport = try CurlTransport()
            verifier = try Self.verifier(configuration, cache, transport, logger)
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
        let server = ListeningServer(
            name: "token-gate",
            address: configuration.listen,
            services: [cache],
            logger: logger
        )
        do {
            try await server.run(AnyMethodResponder(path: "/verify", wrapping: router.buildResponder()))
        } catch {
            await close()
            throw error
        }
        await close()
    }

    private func close() async {
        await cache.shutdown()
        await transport.shutdown()
    }

    private var router: Router<BasicVerifiedRequestContext> {
        let router = Router(context: BasicVerifiedRequestContext.self)
        router.get("healthz") { _, _ in "ok\n" }
        if let secret = configuration.adminSecret {
            let handler = ForgetHandler(cache: cache, secret: secret)
            router.post("forget") { request, context in
                try await handler.respond(to: request, context: context)
            }
        }
        // Envoy appends the path of the request that it asks about, and Caddy and Envoy append its query: a query is the
        // client's word, and never a setting.
        let middleware = BearerTokenMiddleware<BasicVerifiedRequestContext>(
            verifier: verifier,
            realm: "token-gate",
            originalTargets: Self.originalTargets
        )
        router.group("verify")
            .add(middleware: middleware)
            .get { _, context in context.identityResponse }
            .get("**") { _, context in context.identityResponse }
        return router
    }

    /// Where nginx, Traefik and HAProxy name the target of the request that they ask about.
    private static let originalTargets = ["X-Forwarded-Uri", "X-Original-URI", "X-Original-URL"]
        .compactMap { HTTPField.Name($0) }

    private static func cache(_ configuration: GateConfiguration, _ logger: Logger) throws -> TokenCache {
        var options = TokenCacheOptions(logger: logger)
        options.refusalTimeToLive = configuration.refusalTimeToLive
        options.staleGrace = configuration.staleGrace
        options.sharing = configuration.sharing
        options.revocationMarks = configuration.hasRevocationMarks
        switch configuration.store {
        case .memory:
            return try TokenCache(
                timeToLive: configuration.timeToLive,
                capacity: configuration.capacity ?? 10_000,
                options: options
            )
        case .sqlite(let path):
            return try TokenCache(
                store: SQLiteStore(path: path, capacity: configuration.capacity, logger: logger),
                timeToLive: configuration.timeToLive,
                sealing: configuration.sealing,
                near: configuration.near,
                options: options
            )
        case .redis(let address, let namespace):
            return try TokenCache(
                store: RedisStore(
                    address,
                    namespace: namespace,
                    capacity: configuration.capacity,
                    logger: logger
                ),
                timeToLive: configuration.timeToLive,
                sealing: configuration.sealing,
                near: configuration.near,
                options: options
            )
        }
    }

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
