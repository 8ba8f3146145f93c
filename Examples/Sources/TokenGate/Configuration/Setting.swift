/// What can be set, by an option or by an environment variable.
package enum Setting: String, CaseIterable {
    case listen
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

    package var option: String { "--" + rawValue }

    /// `TOKEN_GATE_STORE` for `--store`.
    package var variable: String { "TOKEN_GATE_" + rawValue.uppercased().replacing("-", with: "_") }
}
