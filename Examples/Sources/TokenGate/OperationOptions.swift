import ArgumentParser

/// The options of `token-gate serve` for those who run it.
struct OperationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where /metrics, /status, /forget and their kin are (default: where the rest is).",
            valueName: "host:port|unix:/PATH"
        )
    )
    var adminListen: String?

    @Option(
        name: .customLong("tls-certificate"),
        help: ArgumentHelp("Speak TLS with this certificate chain; SIGHUP reads it again.", valueName: "path")
    )
    var tlsCertificate: String?

    @Option(name: .customLong("tls-key"), help: ArgumentHelp("The certificate's key.", valueName: "path"))
    var tlsKey: String?

    @Option(help: ArgumentHelp("Who may connect to a Unix socket (default: 660).", valueName: "octal"))
    var socketMode: String?

    @Option(
        help: ArgumentHelp(
            "What is logged (default: notice).",
            valueName: "trace|debug|info|notice|warning|error|critical"
        )
    )
    var logLevel: String?

    @Option(help: ArgumentHelp("How a line of the log looks (default: text).", valueName: "text|json"))
    var logFormat: String?

    @Flag(help: "Log each request to /verify, without tokens and queries.")
    var accessLog = false

    @Option(
        help: ArgumentHelp(
            "The protected resource, which then describes itself (RFC 9728).",
            valueName: "url"
        )
    )
    var resource: String?

    @Option(
        help: ArgumentHelp("Where clients get tokens for the resource; may be repeated.", valueName: "url")
    )
    var authorizationServer: [String] = []

    init() {}

    var options: [Setting: [String]] {
        var options: [Setting: [String]] = [.authorizationServer: authorizationServer]
        let single: [Setting: String?] = [
            .adminListen: adminListen, .tlsCertificate: tlsCertificate, .tlsKey: tlsKey,
            .socketMode: socketMode, .logLevel: logLevel, .logFormat: logFormat,
            .accessLog: accessLog ? "true" : nil, .resource: resource,
        ]
        for (setting, value) in single { options[setting] = value.map { [$0] } }
        return options
    }
}
