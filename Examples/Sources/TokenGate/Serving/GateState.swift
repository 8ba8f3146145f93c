import HTTPTypes
import Hummingbird
import Listening
import Logging
import TokenVerification
import TokenVerificationHummingbird

/// What a gate answers by: made of a configuration, and made anew when that is read again.
final class GateState: Sendable {
    typealias Routes = RouterResponder<BasicVerifiedRequestContext>

    /// What is not asked by proxies, on the first listener.
    let routes: Routes
    /// What the administrative listener has, if there is one.
    let adminRoutes: Routes
    let configuration: GateConfiguration
    private let standard: ProfileResponder
    /// By the bytes of their names: texts that are spelled differently in Unicode are equal.
    private let profiles: [ExactText: ProfileResponder]

    init(_ configuration: GateConfiguration, _ monitor: GateMonitor) throws(CommandFailure) {
        self.configuration = configuration
        standard = try Self.responder(nil, configuration, monitor)
        var profiles: [ExactText: ProfileResponder] = [:]
        for name in configuration.profiles {
            profiles[ExactText(name)] = try Self.responder(name, configuration, monitor)
        }
        self.profiles = profiles
        let admin = AdminRoutes(
            monitor: monitor,
            names: configuration.authorityNames,
            secret: configuration.adminSecret
        )
        let router = Router(context: BasicVerifiedRequestContext.self)
        let adminRouter = Router(context: BasicVerifiedRequestContext.self)
        admin.addProbes(to: router)
        admin.addProbes(to: adminRouter)
        admin.add(to: configuration.adminListen == nil ? router : adminRouter)
        if let resource = configuration.resource { router.protectedResources(resource) }
        routes = router.buildResponder()
        adminRoutes = adminRouter.buildResponder()
    }

    /// The profile that a path asks for; `nil` if it asks for none, or for one that there is not.
    func profile(at path: String) -> ProfileResponder? {
        var rest = path.utf8[...]
        var profile: ProfileResponder? = standard
        if rest.starts(with: Self.profilesPath) {
            let name = rest.dropFirst(Self.profilesPath.count).prefix { $0 != UInt8(ascii: "/") }
            profile = profiles[ExactText(String(Substring(name)))]
            rest = rest[name.endIndex...]
        }
        guard rest.starts(with: Self.verifyPath) else { return nil }
        let end = rest.dropFirst(Self.verifyPath.count).first
        return end == nil || end == UInt8(ascii: "/") ? profile : nil
    }

    private static let profilesPath = Array("/profiles/".utf8)
    private static let verifyPath = Array("/verify".utf8)

    /// Where nginx, Traefik and HAProxy name the target of the request that they ask about.
    private static let originalTargets = ["X-Forwarded-Uri", "X-Original-URI", "X-Original-URL"]
        .compactMap { HTTPField.Name($0) }

    private static func responder(
        _ profile: String?,
        _ configuration: GateConfiguration,
        _ monitor: GateMonitor
    ) throws(CommandFailure) -> ProfileResponder {
        var accessLog: Logger?
        if configuration.logging.hasAccessLog {
            // A log of its own, so that requests are logged whatever the level of the rest.
            var logger = Logger(label: "token-gate.access")
            logger.logLevel = .info
            accessLog = logger
        }
        return ProfileResponder(
            name: profile,
            middleware: BearerTokenMiddleware(
                verifier: try configuration.verifier(for: profile, monitor.cache),
                realm: "token-gate",
                resourceMetadata: configuration.resource?.url,
                format: configuration.tokenFormat,
                originalTargets: originalTargets
            ),
            places: configuration.tokenPlaces,
            identity: configuration.identity,
            counts: monitor.counts,
            accessLog: accessLog
        )
    }
}
