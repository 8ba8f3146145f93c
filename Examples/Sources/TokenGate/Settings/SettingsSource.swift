import Foundation
package import Listening

/// Where a gate's settings come from, so that they can be read again.
package struct SettingsSource: Sendable {
    private let options: [Setting: [String]]
    private let environment: [String: String]

    /// - Parameters:
    ///   - arguments: the command line, without the command.
    ///   - environment: the process's environment.
    /// - Throws: `CommandFailure` for what is no option.
    package init(
        arguments: [String],
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(CommandFailure) {
        options = try OptionReader.options(in: arguments)
        self.environment = environment
    }

    package func read() throws(CommandFailure) -> Settings {
        try Settings(options: options, environment: environment)
    }
}
