package import ArgumentParser
import Foundation
import Listening
import Logging

/// The command `token-gate serve`.
package struct Serve: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve /verify, and paths for those who run it.",
        usage: "token-gate serve [options]    token-gate serve --help shows them all",
        discussion: """
            /verify takes the token from the Authorization field, and its settings from here alone: nothing is read from the query, \
            to which proxies append the client's own. A token in the query is refused with 400.
            SIGHUP reads the file, the secrets and the certificate again. Status 64: a setting is wrong. Status 69: a port or \
            a file can't be used.
            """
    )

    @OptionGroup var settings: SettingsArguments

    package init() {}

    package func run() async throws {
        // Until the gate listens to it, it must not end the process.
        signal(SIGHUP, SIG_IGN)
        guard let source = try settings.source(of: Self.configuration) else { return }
        let configuration = try GateConfiguration(try source.read())
        LoggingSystem.bootstrap { [logging = configuration.logging] in logging.handler(label: $0) }
        try await Gate(configuration, source, logger: Logger(label: "token-gate")).run()
    }
}
