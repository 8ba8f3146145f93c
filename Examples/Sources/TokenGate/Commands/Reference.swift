package import ArgumentParser
import Listening

/// The command `token-gate reference`.
package struct Reference: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "reference",
        abstract: "Print a table of all settings, in Markdown."
    )

    package init() {}

    package func run() {
        Command.show(SettingsText.reference)
    }
}
