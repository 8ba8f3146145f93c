import TokenVerification
import TokenVerificationJWT

/// Which authority knows what a token means.
extension Setting {
    package static let introspectionEndpoint = ofAuthority(
        "introspection-endpoint",
        .text("URL"),
        "The authority's introspection endpoint (RFC 7662)."
    )
    package static let clientID = ofAuthority(
        "client-id",
        .text("ID"),
        "The gate's own name at that authority."
    )
    package static let clientAuthentication = ofAuthority(
        "client-auth",
        .choice(ClientAuthentication.allCases.map(\.rawValue)),
        "How the gate proves who it is.",
        preset: "basic"
    )
    package static let clientSecret = ofAuthority(
        "client-secret",
        .secret,
        "The secret of `client-id`."
    )
    package static let noTypeHint = ofAuthority(
        "no-type-hint",
        .flag,
        "Leave `token_type_hint` out, which some endpoints refuse.",
        preset: "false"
    )
    package static let formField = ofAuthority(
        "form-field",
        .pairs("NAME=TEXT"),
        "A further field of the form that the endpoint gets.",
        key: "form-fields"
    )
    package static let headerField = ofAuthority(
        "header-field",
        .pairs("NAME=TEXT"),
        "A further header field of the request that the endpoint gets.",
        key: "header-fields"
    )

    package static let gitHub = ofAuthority(
        "github",
        .flag,
        "Ask GitHub, which accepts any GitHub user.",
        preset: "false"
    )
    package static let gitHubAPI = ofAuthority(
        "github-api",
        .text("URL"),
        "GitHub's interface, or an Enterprise Server's.",
        preset: GitHubAPI.defaultURL
    )
    package static let gitHubClientID = ofAuthority(
        "github-client-id",
        .text("ID"),
        "Accept only tokens of this GitHub app."
    )
    package static let gitHubClientSecret = ofAuthority(
        "github-client-secret",
        .secret,
        "The secret of `github-client-id`."
    )

    package static let jwtIssuer = ofAuthority(
        "jwt-issuer",
        .text("URL"),
        "Verify signed tokens of this issuer by its keys. With an introspection endpoint, both must accept a token."
    )
    package static let jwtAudience = ofAuthority(
        "jwt-audience",
        .list("AUDIENCE"),
        "An audience of which a signed token must name one; `*` accepts any.",
        key: "jwt-audiences"
    )
    package static let jwtAlgorithm = ofAuthority(
        "jwt-algorithm",
        .list("NAME"),
        "An accepted algorithm.",
        key: "jwt-algorithms",
        preset: "all that are asymmetric",
        accepts: SigningAlgorithm.allCases.map(\.description).sorted().joined(separator: ", ")
    ) { SigningAlgorithm($0) != nil }
    package static let jwtKeys = ofAuthority(
        "jwt-keys",
        .text("URL"),
        "Where the issuer's keys are.",
        preset: "what the issuer's metadata names"
    )
    package static let jwtProfile = ofAuthority(
        "jwt-profile",
        .flag,
        "Accept only tokens that follow RFC 9068 to the letter.",
        preset: "false"
    )

    package static let deadline = ofAuthority(
        "deadline",
        .number(1...60, "SECONDS"),
        "How long the authority may take.",
        preset: "10"
    )
    package static let answerSize = ofAuthority(
        "answer-size",
        .number(1_024...786_432, "BYTES"),
        "The largest answer that is accepted.",
        preset: "65536"
    )
    package static let allowHTTP = ofAuthority(
        "allow-http",
        .flag,
        "Let the authority be asked without TLS on another machine. Every machine on the way can then read tokens and "
            + "forge answers.",
        preset: "false"
    )
    package static let certificateAuthorities = ofAuthority(
        "authority-ca",
        .text("PATH"),
        "The only certificate authorities to trust at the authority, in PEM.",
        preset: "the system's"
    )

    package static let scopeClaim = ofAuthority(
        "scope-claim",
        .text("NAME"),
        "The claim with the scopes, such as `permissions`.",
        preset: "scope; of signed tokens, or else scp"
    )
    package static let clientCertificate = ofAuthority(
        "client-certificate",
        .text("PATH"),
        "The gate's certificate for the authority, in PEM (RFC 8705). Each new connection reads it."
    )
    package static let clientKey = ofAuthority(
        "client-key",
        .text("PATH"),
        "The key of that certificate.",
        preset: "in the same file"
    )

    package static let routePrefixes = Setting(
        "prefixes",
        .list("PREFIX"),
        "The authority gets tokens that begin so, such as `ghp_`.",
        place: .route
    )
    package static let routeIssuers = Setting(
        "issuers",
        .list("ISSUER"),
        "The authority gets signed tokens of these issuers.",
        place: .route,
        preset: "its `jwt-issuer`"
    )
    package static let routeDefault = Setting(
        "default",
        .flag,
        "The authority gets all other tokens.",
        place: .route,
        preset: "false"
    )
    package static let routeJWT = Setting(
        "accepts-jwt",
        .flag,
        "The default also gets signed tokens of issuers that are not listed.",
        place: .route,
        preset: "false"
    )

    private static func ofAuthority(
        _ name: String,
        _ kind: Kind,
        _ help: String,
        key: String? = nil,
        preset: String = "none",
        accepts: String? = nil,
        isRight: @escaping @Sendable (String) -> Bool = { !$0.isEmpty }
    ) -> Setting {
        Setting(
            name,
            kind,
            help,
            key: key,
            place: .authority,
            preset: preset,
            accepts: accepts,
            isRight: isRight
        )
    }
}
