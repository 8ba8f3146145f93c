package import ArgumentParser
import Foundation
import Listening
import Logging

/// The command `token-gate serve`.
package struct Serve: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        abstract: "Serve /verify, and paths for those who run it.",
        discussion: """
            Every option is an environment variable too: TOKEN_GATE_STORE for --store; lists are separated by spaces.
            Secrets come from the environment only, or from a file that it names:
              TOKEN_GATE_CLIENT_SECRET         of --client-id
              TOKEN_GATE_GITHUB_CLIENT_SECRET  of --github-client-id
              TOKEN_GATE_REDIS_PASSWORD        of the Redis server
              TOKEN_GATE_SEALING_SECRET        seals answers in a file or in Redis, at least 32 bytes
              TOKEN_GATE_ADMIN_SECRET          of those who may POST /forget, at least 16 bytes
              …_FILE                           each of them, the path of a file instead

            /verify takes the token from the Authorization field, and its settings from here alone: a query such as
            /verify?scope=admin checks nothing and is ignored, since proxies append the client's own. A query with
            access_token is refused with 400, that of the original request too, if the proxy names it in
            X-Forwarded-Uri, X-Original-URI or X-Original-URL.

            /livez, /readyz, /status, /metrics and, with an admin secret, /forget are for those who run the gate: give
            them a listener of their own with --admin-listen, or let no proxy hand them on.

            `token-gate forget` makes a running gate forget; it takes the admin secret from the same variable.
            Status 64: the options make no sense. Status 69: a port or a file can't be used.
            """
    )

    @Option(
        help: ArgumentHelp("Where to listen (default: 127.0.0.1:8080).", valueName: "host:port|unix:/PATH")
    )
    var listen: String?

    @OptionGroup(title: "Operation") var operation: OperationOptions

    @Option(
        help: ArgumentHelp(
            "Where answers are kept (default: memory:).",
            valueName: "memory:|sqlite:PATH|redis://HOST"
        )
    )
    var store: String?

    @Option(
        help: ArgumentHelp("The gate's part of a Redis database (default: token-gate).", valueName: "name")
    )
    var namespace: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How many answers are kept (default: what the file records, else 10000).",
            valueName: "n"
        )
    )
    var capacity: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How long an answer is used; 0 keeps nothing (default: 300).",
            valueName: "seconds"
        )
    )
    var lifetime: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How long a copy of a shared answer is used (default: not at all).",
            valueName: "seconds"
        )
    )
    var near: String?

    @Option(
        help: ArgumentHelp(
            "How a store is sealed (default: by the secret, if there is one).",
            valueName: "secret|token-only"
        )
    )
    var sealing: String?

    @Option(help: ArgumentHelp("The authority's introspection endpoint (RFC 7662).", valueName: "url"))
    var introspectionEndpoint: String?

    @Option(
        name: .customLong("client-id"),
        help: ArgumentHelp("The gate's own name at that authority.", valueName: "id")
    )
    var clientID: String?

    @Option(
        help: ArgumentHelp("How it proves who it is (default: basic).", valueName: "basic|basic-raw|post")
    )
    var clientAuth: String?

    @Flag(name: .customLong("github"), help: "Ask GitHub, which accepts any GitHub user.")
    var gitHub = false

    @Option(
        name: .customLong("github-api"),
        help: ArgumentHelp("GitHub's interface, or an Enterprise Server's.", valueName: "url")
    )
    var gitHubAPI: String?

    @Option(
        name: .customLong("github-client-id"),
        help: ArgumentHelp("Accept only tokens of this GitHub app.", valueName: "id")
    )
    var gitHubClientID: String?

    @Option(help: ArgumentHelp("A scope that a token must have; may be repeated.", valueName: "scope"))
    var requireScope: [String] = []

    @Option(help: ArgumentHelp("An accepted audience of a token; may be repeated.", valueName: "audience"))
    var requireAudience: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How long a refusal is remembered (default: not at all).", valueName: "seconds")
    )
    var refusalLifetime: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How long an old answer is used while the authority is down (default: not at all).",
            valueName: "seconds"
        )
    )
    var staleGrace: String?

    @Option(
        help: ArgumentHelp("Who asks each question once (default: process).", valueName: "process|fleet")
    )
    var sharing: String?

    @Flag(help: "Let all tokens of a subject or a client be forgotten; every gate of the store needs it.")
    var revocationMarks = false

    package init() {}

    package func run() async throws {
        let configuration = try GateConfiguration(
            options: options,
            environment: ProcessInfo.processInfo.environment
        )
        LoggingSystem.bootstrap { [logging = configuration.logging] in logging.handler(label: $0) }
        try await Gate(configuration, logger: Logger(label: "token-gate")).run()
    }

    private var options: [Setting: [String]] {
        var options: [Setting: [String]] = [.requireScope: requireScope, .requireAudience: requireAudience]
        let single: [Setting: String?] = [
            .listen: listen, .store: store, .namespace: namespace, .capacity: capacity, .lifetime: lifetime,
            .near: near, .sealing: sealing,
            .introspectionEndpoint: introspectionEndpoint, .clientID: clientID,
            .clientAuthentication: clientAuth,
            .gitHub: gitHub ? "true" : nil, .gitHubAPI: gitHubAPI, .gitHubClientID: gitHubClientID,
            .refusalLifetime: refusalLifetime, .staleGrace: staleGrace, .sharing: sharing,
            .revocationMarks: revocationMarks ? "true" : nil,
        ]
        options.merge(operation.options) { $1 }
        for (setting, value) in single { options[setting] = value.map { [$0] } }
        return options
    }
}
