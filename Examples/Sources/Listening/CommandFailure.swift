/// Why a command ends without having done its work: one line for its user, and a status (`sysexits.h`).
package struct CommandFailure: Error, Hashable {
    package let message: String
    package let status: Int32

    private init(message: String, status: Int32) {
        // One line, whatever the texts are that it was made of.
        self.message = message.split(whereSeparator: \.isNewline).joined(separator: " ")
        self.status = status
    }

    /// The command line, or the environment, asks for what makes no sense (`EX_USAGE`).
    package static func usage(_ message: String) -> CommandFailure {
        CommandFailure(message: message, status: 64)
    }

    /// A port, a file or a directory that is needed can't be used (`EX_UNAVAILABLE`).
    package static func unavailable(_ message: String) -> CommandFailure {
        CommandFailure(message: message, status: 69)
    }

    /// Something that should not happen (`EX_SOFTWARE`).
    package static func fault(_ error: any Error) -> CommandFailure {
        CommandFailure(message: "\(error)", status: 70)
    }
}
