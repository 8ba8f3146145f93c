package import ArgumentParser

/// The command line of `token-gate`.
package struct TokenGate: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "token-gate",
        abstract:
            "Answers forward authentication of bearer tokens: nginx auth_request, Traefik, Caddy, Envoy.",
        subcommands: [Serve.self, Check.self, Forget.self, Reference.self]
    )

    /// As `/metrics` tells it.
    static let version = "unreleased"

    package init() {}
}
