package import ArgumentParser
import Listening
import Logging

/// The command `token-gate check`.
package struct Check: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say whether a configuration is right, and ask the authority and the store once.",
        usage: "token-gate check [options]    token-gate check --help shows them all",
        discussion: """
            Takes what `token-gate serve` takes. The authority is asked about a random token, which it should refuse. Nothing is \
            listened on, and nothing is stored.
            Status 64: a setting is wrong. Status 69: the authority or the store does not answer as it should.
            """
    )

    @OptionGroup var settings: SettingsArguments

    package init() {}

    package func run() async throws {
        guard let source = try settings.source(of: Self.configuration) else { return }
        let configuration = try GateConfiguration(try source.read())
        LoggingSystem.bootstrap { _ in SwiftLogNoOpLogHandler() }
        try await GateCheck(configuration, logger: Logger(label: "token-gate")).run()
    }
}
