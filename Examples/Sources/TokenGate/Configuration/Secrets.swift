import Foundation
import Listening
import TokenVerification

/// The secrets, which come from the environment or from files only, so that no list of processes shows them.
struct Secrets {
    enum Name: String {
        case client = "TOKEN_GATE_CLIENT_SECRET"
        case gitHubClient = "TOKEN_GATE_GITHUB_CLIENT_SECRET"
        case redis = "TOKEN_GATE_REDIS_PASSWORD"
        case sealing = "TOKEN_GATE_SEALING_SECRET"
        case admin = "TOKEN_GATE_ADMIN_SECRET"

        var variable: String { rawValue }
        var fileVariable: String { rawValue + "_FILE" }
    }

    static let maximumSize = 65_536

    let environment: [String: String]

    /// A secret's bytes; `nil` if there is none, or the variable is empty.
    func bytes(_ name: Name) throws(CommandFailure) -> [UInt8]? {
        let text = environment[name.variable].flatMap { $0.isEmpty ? nil : $0 }
        guard let path = environment[name.fileVariable], !path.isEmpty else {
            return try text.map { text throws(CommandFailure) in
                try Self.checked(Array(text.utf8), as: name.variable)
            }
        }
        guard text == nil else { throw .usage("\(name.variable) and \(name.fileVariable) are both set") }
        return try Self.checked(
            Self.content(of: path, for: name),
            as: "\(name.fileVariable): the file \(path)"
        )
    }

    /// A text without the line breaks at its end, or bytes.
    private static func checked(_ content: [UInt8], as name: String) throws(CommandFailure) -> [UInt8] {
        do {
            return try SecretText.bytes(content, as: name)
        } catch {
            throw .usage(error.message)
        }
    }

    /// A secret that is a text.
    func text(_ name: Name) throws(CommandFailure) -> String? {
        guard let bytes = try bytes(name) else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .usage("\(name.variable) is not UTF-8")
        }
        return text
    }

    private static func content(of path: String, for name: Name) throws(CommandFailure) -> [UInt8] {
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            let data = try file.read(upToCount: maximumSize + 1) ?? Data()
            guard !data.isEmpty else {
                throw CommandFailure.unavailable("\(name.fileVariable): the file \(path) is empty")
            }
            guard data.count <= maximumSize else {
                throw CommandFailure.unavailable(
                    "\(name.fileVariable): the file \(path) is larger than 64 KiB"
                )
            }
            return [UInt8](data)
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw .unavailable("\(name.fileVariable): the file \(path) can't be read")
        }
    }
}
