import Foundation
package import Listening
import TokenVerification

/// A secret that was given, and where: a variable or a file, so that no list of processes shows it.
package struct GivenSecret: Sendable {
    let bytes: [UInt8]
    /// The variable, or the file and what names it.
    let origin: String
    /// What is unwise about the file, if anything.
    let warning: String?

    static let maximumSize = 65_536

    /// The secret in a setting's variable, or in the file that a second variable names; `nil` if both are empty.
    package init?(_ setting: Setting, environment: [String: String]) throws(CommandFailure) {
        let text = environment[setting.variable].flatMap { $0.isEmpty ? nil : $0 }
        guard let path = environment[setting.fileVariable], !path.isEmpty else {
            guard let text else { return nil }
            try self.init(Array(text.utf8), from: setting.variable)
            return
        }
        guard text == nil else {
            throw .usage("\(setting.variable) and \(setting.fileVariable) are both set: give one of them")
        }
        try self.init(path: path, from: setting.fileVariable)
    }

    /// The secret in a file.
    init(path: String, from origin: String) throws(CommandFailure) {
        let origin = "\(origin): the file \(path)"
        guard let file = FileHandle(forReadingAtPath: path),
            let data = try? (file.read(upToCount: Self.maximumSize + 1) ?? Data())
        else { throw .unavailable("\(origin) can't be read") }
        guard !data.isEmpty else { throw .unavailable("\(origin) is empty") }
        guard data.count <= Self.maximumSize else { throw .unavailable("\(origin) is larger than 64 KiB") }
        var status = stat()
        let isOpen = fstat(file.fileDescriptor, &status) == 0 && status.st_mode & 0o006 != 0
        try self.init(
            [UInt8](data),
            from: origin,
            warning: isOpen ? "\(origin) is open to every user of the machine" : nil
        )
    }

    private init(_ content: [UInt8], from origin: String, warning: String? = nil) throws(CommandFailure) {
        do {
            // A text without the line breaks at its end, or bytes.
            bytes = try SecretText.bytes(content, as: origin)
        } catch {
            throw .usage(error.message)
        }
        self.origin = origin
        self.warning = warning
    }

    /// The secret as a text.
    package func text() throws(CommandFailure) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .usage("\(origin) is not UTF-8")
        }
        return text
    }
}

/// Prints nothing of the secret, not even by reflection.
extension GivenSecret: CustomStringConvertible, CustomReflectable {
    package var description: String { origin }

    package var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}
