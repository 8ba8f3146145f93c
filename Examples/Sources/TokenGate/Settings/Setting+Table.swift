extension Setting {
    /// The table: its sections, in the order of the help and the reference.
    static let sections: [(title: String, settings: [Setting])] = [
        ("Listening", listening), ("Log", log), ("Store", store), ("Answers", answers),
        ("Authority", authority), ("Several authorities", routes),
        ("What is required of a token", requirements),
        ("Where the token is", tokens), ("Header fields for the app", identity),
        ("Administration", administration),
    ]

    static let all = sections.flatMap(\.settings)

    /// A time from none to ten years.
    static let timeSpan = Kind.number(0...315_360_000, "SECONDS")

    /// The setting that a key of the file means, in an object of a place.
    static func named(_ key: String, in places: Set<Place>) -> Setting? {
        all.first { places.contains($0.place) && $0.key.utf8.elementsEqual(key.utf8) }
    }

    private static let listening = [config, listen, adminListen, socketMode, tlsCertificate, tlsKey]
    private static let log = [logLevel, logFormat, accessLog]
    private static let store = [
        storeAddress, namespace, capacity, shards, redisPassword, sentinelUser, sentinelPassword,
        redisAuthorities,
        redisCertificate, redisKey, sealing, sealingSecret, previousSealingSecret,
    ]
    private static let answers = [
        lifetime, near, refusalLifetime, staleGrace, refreshAfter, lifeJitter, requestDeadline, sharing,
        revocationMarks,
    ]
    private static let authority = [
        introspectionEndpoint, clientID, clientAuthentication, clientSecret, noTypeHint, formField,
        headerField,
        gitHub, gitHubAPI, gitHubClientID, gitHubClientSecret,
        jwtIssuer, jwtAudience, jwtAlgorithm, jwtKeys, jwtProfile,
        scopeClaim, deadline, answerSize, allowHTTP, certificateAuthorities, clientCertificate, clientKey,
    ]
    private static let routes = [routePrefixes, routeIssuers, routeDefault, routeJWT]
    private static let requirements = [requireScope, requireAudience, requireIssuer, maximumAge, tokenPrefix]
    private static let tokens = [tokenHeader, tokenCookie, tokenScheme, tokenLength, tokenCharacters]
    private static let identity = [subjectField, clientIDField, scopesField, cacheField, claimField]
    private static let administration = [adminSecret, resource, authorizationServer]
}
