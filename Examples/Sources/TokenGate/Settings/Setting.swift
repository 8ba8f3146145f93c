/// What can be set, by an option or by an environment variable.
package enum Setting: String, CaseIterable {
    case listen
    case adminListen = "admin-listen"
    case tlsCertificate = "tls-certificate"
    case tlsKey = "tls-key"
    case socketMode = "socket-mode"
    case logLevel = "log-level"
    case logFormat = "log-format"
    case accessLog = "access-log"
    case resource
    case authorizationServer = "authorization-server"
    case store
    case namespace
    case capacity
    case lifetime
    case near
    case sealing
    case introspectionEndpoint = "introspection-endpoint"
    case clientID = "client-id"
    case clientAuthentication = "client-auth"
    case gitHub = "github"
    case gitHubAPI = "github-api"
    case gitHubClientID = "github-client-id"
    case requireScope = "require-scope"
    case requireAudience = "require-audience"
    case refusalLifetime = "refusal-lifetime"
    case staleGrace = "stale-grace"
    case sharing
    case revocationMarks = "revocation-marks"

    /// Whether it may be given several times, or holds several values with spaces between them.
    package var isList: Bool {
        self == .requireScope || self == .requireAudience || self == .authorizationServer
    }

    package var option: String { "--" + rawValue }

    /// `TOKEN_GATE_STORE` for `--store`.
    package var variable: String { "TOKEN_GATE_" + rawValue.uppercased().replacing("-", with: "_") }
}
