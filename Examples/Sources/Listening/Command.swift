package import ArgumentParser
import Foundation

/// Runs a command of these examples and ends the process as a server's user expects.
///
/// A failure is one line on standard error and a status of `sysexits.h`; help goes to standard output.
package enum Command {
    package static func main<Root: AsyncParsableCommand>(_ root: Root.Type) async -> Never {
        let name = root.configuration.commandName ?? "command"
        do {
            var command = try root.parseAsRoot()
            guard var asynchronous = command as? any AsyncParsableCommand else {
                try command.run()
                exit(0)
            }
            try await asynchronous.run()
            exit(0)
        } catch let failure as CommandFailure {
            end(name, failure)
        } catch  where root.exitCode(for: error).isSuccess {
            write(root.fullMessage(for: error), to: .standardOutput)
            exit(0)
        } catch  where root.exitCode(for: error) == .validationFailure {
            end(name, .usage(root.message(for: error)))
        } catch {
            end(name, .fault(error))
        }
    }

    private static func end(_ name: String, _ failure: CommandFailure) -> Never {
        write("\(name): \(failure.message)", to: .standardError)
        exit(failure.status)
    }

    /// Writes a text and a line break to standard output.
    package static func show(_ text: String) {
        write(text, to: .standardOutput)
    }

    /// Writes a line at once; a reader who left is no reason to fail.
    static func write(_ line: String, to file: FileHandle) {
        try? file.write(contentsOf: Data("\(line)\n".utf8))
    }
}
