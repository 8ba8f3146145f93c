import ArgumentParser
import Listening

/// A command line that the table of settings describes.
struct SettingsArguments: ParsableArguments {
    @Argument(parsing: .captureForPassthrough, help: ArgumentHelp(visibility: .hidden))
    var arguments: [String] = []

    init() {}

    /// Where the settings come from.
    ///
    /// - Parameter command: the command, for its help.
    /// - Returns: the source; `nil` if the help was asked for and shown.
    /// - Throws: `CommandFailure` for what is no option.
    func source(of command: CommandConfiguration) throws(CommandFailure) -> SettingsSource? {
        guard !arguments.contains("--help"), !arguments.contains("-h") else {
            Command.show(SettingsText.help(of: command))
            return nil
        }
        return try SettingsSource(arguments: arguments)
    }
}
