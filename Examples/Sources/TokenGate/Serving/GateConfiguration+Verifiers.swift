import Listening
import TokenVerification
import TokenVerificationJWT

extension GateConfiguration {
    /// What decides about tokens: one authority, or several that tokens are routed to.
    ///
    /// Of what is required, the profile's counts first, then the authority's, then that of the root.
    ///
    /// - Parameters:
    ///   - profile: a profile's name; `nil` for `/verify` itself.
    ///   - cache: where answers are kept.
    /// - Returns: the verifier.
    /// - Throws: `CommandFailure` for requirements that an authority can't satisfy, and for routes that contradict.
    func verifier(for profile: String?, _ cache: TokenCache) throws(CommandFailure) -> any TokenVerifier {
        let profileGroup = profile.flatMap { settings.profiles[$0] } ?? SettingGroup(name: "")
        do {
            guard !settings.authorities.isEmpty else {
                return try Self.verifier(
                    authorities[0],
                    TokenRequirements(profileGroup, settings.root),
                    cache
                )
            }
            var routes: [TokenRoute] = []
            for authority in authorities {
                let requirements = TokenRequirements(profileGroup, authority.group, settings.root)
                let verifier = try Self.verifier(authority, requirements, cache)
                routes += try authority.routes(to: verifier)
            }
            return try RoutedTokenVerifier(routes)
        } catch let error as CommandFailure {
            throw error
        } catch {
            throw .usage("\(profileGroup.place)\((error as? ConfigurationError)?.message ?? "\(error)")")
        }
    }

    private static func verifier(
        _ configured: ConfiguredAuthority,
        _ requirements: TokenRequirements,
        _ cache: TokenCache
    ) throws(CommandFailure) -> any TokenVerifier {
        func make(_ authority: some TokenAuthority) throws(ConfigurationError) -> any TokenVerifier {
            try AuthorityTokenVerifier(authority: authority, requiring: requirements, cache: cache)
        }
        do {
            return try make(configured.authority)
        } catch {
            throw .usage("\(configured.group.place)\(error.message)")
        }
    }
}

extension ConfiguredAuthority {
    /// The tokens that the authority gets.
    fileprivate func routes(to verifier: any TokenVerifier) throws(CommandFailure) -> [TokenRoute] {
        var routes = (group.list(.routePrefixes) ?? []).map { TokenRoute.prefix($0, verifier) }
        let issuers = group.list(.routeIssuers) ?? [group.text(.jwtIssuer)].compactMap { $0 }
        routes += issuers.map { TokenRoute.issuer($0, verifier) }
        let acceptsJWT = group.flag(.routeJWT)
        if group.flag(.routeDefault) {
            routes.append(TokenRoute.otherwise(verifier, acceptsJWT: acceptsJWT))
        } else if acceptsJWT {
            throw .usage("\(group.origin(of: .routeJWT)) means nothing without \(group.call(.routeDefault))")
        }
        guard !routes.isEmpty else {
            throw .usage(
                "\(group.place)no token leads to this authority: \(group.call(.routePrefixes)), \(group.call(.routeIssuers)) "
                    + "or \(group.call(.routeDefault)) is needed"
            )
        }
        return routes
    }
}
